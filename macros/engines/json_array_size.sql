{#- How many elements the array at a path of a JSON text has; null where there is no array or nothing in it. -#}
{% macro json_array_size(json, path) -%}
    {{ return(adapter.dispatch('json_array_size', 'activity_score')(json, path)) }}
{%- endmacro %}

{% macro duckdb__json_array_size(json, path) -%}
    nullif(cast(try(json_array_length({{ json }}, '{{ json_path(path) }}')) as bigint), 0)
{%- endmacro %}

{% macro postgres__json_array_size(json, path) -%}
    {%- set array = "(" ~ json_values(json, {}) ~ " #> array['" ~ path | join("', '") ~ "'])" -%}
    case when jsonb_typeof({{ array }}) = 'array' then nullif(cast(jsonb_array_length({{ array }}) as bigint), 0) end
{%- endmacro %}

{#- array_size of what is not an array is null. -#}
{% macro snowflake__json_array_size(json, path) -%}
    nullif(cast(array_size(try_parse_json({{ json_text(json, path) }})) as bigint), 0)
{%- endmacro %}

{% macro spark__json_array_size(json, path) -%}
    nullif(cast(json_array_length({{ json_text(json, path) }}) as bigint), 0)
{%- endmacro %}
