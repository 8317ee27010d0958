{#-
    Several paths of one JSON text, parsed once: json_values(json, paths) makes one column of them, null where the text
    is no JSON; json_value(values, paths, name) takes one out of it in a later step, as json_text would.
    `paths` maps a name to a path.
-#}
{% macro json_values(json, paths) -%}
    {{ return(adapter.dispatch('json_values', 'activity_score')(json, paths)) }}
{%- endmacro %}

{% macro json_value(values, paths, name) -%}
    {{ return(adapter.dispatch('json_value', 'activity_score')(values, paths, name)) }}
{%- endmacro %}

{#- DuckDB parses anew for every call, but one call takes many paths. -#}
{% macro duckdb__json_values(json, paths) -%}
    {%- set found = [] -%}
    {%- for path in paths.values() -%}
        {%- do found.append("'" ~ json_path(path) ~ "'") -%}
    {%- endfor -%}
    try(json_extract_string({{ json }}, [{{ found | join(', ') }}]))
{%- endmacro %}

{% macro duckdb__json_value(values, paths, name) -%}
    {{ values }}[{{ (paths.keys() | list).index(name) + 1 }}]
{%- endmacro %}

{#- PostgreSQL 15 has no test of JSON: create_json_function makes one. -#}
{% macro postgres__json_values(json, paths) -%}
    {{ target.schema }}.try_jsonb({{ json }})
{%- endmacro %}

{% macro postgres__json_value(values, paths, name) -%}
    ({{ values }} #>> array['{{ paths[name] | join("', '") }}'])
{%- endmacro %}

{% macro snowflake__json_values(json, paths) -%}
    try_parse_json({{ json }})
{%- endmacro %}

{% macro snowflake__json_value(values, paths, name) -%}
    {%- set steps = [] -%}
    {%- for step in paths[name] -%}
        {%- do steps.append('[' ~ step ~ ']' if step is number else '["' ~ step ~ '"]') -%}
    {%- endfor -%}
    cast(get_path({{ values }}, '{{ steps | join }}') as varchar)
{%- endmacro %}

{#- Spark reads paths from text only; what is no JSON has no root. -#}
{% macro spark__json_values(json, paths) -%}
    case when get_json_object({{ json }}, '$') is not null then {{ json }} end
{%- endmacro %}

{% macro spark__json_value(values, paths, name) -%}
    {%- set steps = [] -%}
    {%- for step in paths[name] -%}
        {%- do steps.append('[' ~ step ~ ']' if step is number else "['" ~ step ~ "']") -%}
    {%- endfor -%}
    get_json_object({{ values }}, "${{ steps | join }}")
{%- endmacro %}

{#- To be run once per build before the models: PostgreSQL needs a function to read JSON without an error. -#}
{% macro create_json_function() -%}
    {%- if target.type == 'postgres' -%}
    create schema if not exists {{ target.schema }};
    create or replace function {{ target.schema }}.try_jsonb(json text) returns jsonb
    language plpgsql immutable parallel safe as $$
    begin
        return json::jsonb;
    exception when others then
        return null;
    end $$
    {%- endif -%}
{%- endmacro %}
