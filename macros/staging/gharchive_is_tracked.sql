{#- Whether a repository (owner/name, lower case, '' for none) is one of tracked_repositories; % is read as *. -#}
{% macro gharchive_is_tracked(repository) -%}
    (
        {%- for pattern in var('tracked_repositories') %}
        {{ glob_matches(repository, "'" ~ pattern | trim | lower | replace('%', '*') | replace("'", "''") ~ "'") }} or
        {%- endfor %}
        false
    )
{%- endmacro %}
