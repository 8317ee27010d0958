{#- The path of a page, without scheme, host, query and fragment; null where there is no page. -#}
{% macro url_path(text) -%}
    {%- set page -%}
    split_part(split_part(replace(replace(trim({{ text }}), 'https://', ''), 'http://', ''), '?', 1), '#', 1)
    {%- endset -%}
    case
        when {{ page }} like '%/%' then substring({{ page }}, position('/' in {{ page }}))
        when {{ text }} is not null then '/'
    end
{%- endmacro %}

{#-
    A path as page_rules reads it: lower case, without query and fragment, a slash at both ends. `lower` stands outside,
    because DuckDB 2.0.0 fails to compare a bare split_part with a literal where all texts are null.
-#}
{% macro path_key(path) -%}
    {%- set plain = "lower(split_part(split_part(trim(" ~ path ~ "), '?', 1), '#', 1))" -%}
    case when {{ plain }} like '/%' then '' else '/' end || {{ plain }}
    || case when {{ plain }} in ('', '/') or {{ plain }} like '%/' then '' else '/' end
{%- endmacro %}

{#- A page without query and fragment: those carry addresses and keys. -#}
{% macro url_without_query(url) -%}
    {{ clean_text("split_part(split_part(" ~ url ~ ", '?', 1), '#', 1)") }}
{%- endmacro %}
