{#- GitHub hands out 123+login@users.noreply.github.com (before 2017: login@...): a login in disguise. -#}
{% macro is_github_noreply(email) -%}
    coalesce({{ email }} like '%@users.noreply.github.com', false)
{%- endmacro %}

{#- The login that such an address stands for. -#}
{% macro github_noreply_login(email) -%}
    case
        when {{ is_github_noreply(email) }} and {{ email }} like '%+%'
            then nullif(split_part(split_part({{ email }}, '@', 1), '+', 2), '')
        when {{ is_github_noreply(email) }}
            then nullif(split_part({{ email }}, '@', 1), '')
    end
{%- endmacro %}
