{#-
    The text at a path of a JSON text: a scalar without quotes, an object or array as JSON text. Null where there is
    nothing, where it is JSON null, and where the text is no JSON. The path is a list of keys and array positions from 0.
    For several paths of one column take json_values, which parses once.
-#}
{% macro json_text(json, path) -%}
    {{ return(adapter.dispatch('json_text', 'activity_score')(json, path)) }}
{%- endmacro %}

{% macro default__json_text(json, path) -%}
    {{ json_value(json_values(json, {'it': path}), {'it': path}, 'it') }}
{%- endmacro %}

{% macro duckdb__json_text(json, path) -%}
    try(json_extract_string({{ json }}, '{{ json_path(path) }}'))
{%- endmacro %}

{#- A path in the notation of DuckDB ($."key"[0]); a star stands for every array element. -#}
{% macro json_path(path) -%}
    {%- set steps = [] -%}
    {%- for step in path -%}
        {%- do steps.append('[' ~ step ~ ']' if step is number or step == '*' else '."' ~ step ~ '"') -%}
    {%- endfor -%}
    {{ return('$' ~ steps | join) }}
{%- endmacro %}
