{#- The host of what people write for a web site: without scheme, user, port, path and a trailing dot, in lower case. -#}
{% macro host_of(text) -%}
    nullif(trim(split_part(split_part(split_part(split_part(
        replace(replace(lower(trim({{ text }})), 'https://', ''), 'http://', ''), '/', 1), '?', 1), '#', 1), ':', 1), '. '), '')
{%- endmacro %}
