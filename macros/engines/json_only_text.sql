{#-
    The one text that all elements of an array hold at item_path, trimmed and in lower case; null where they differ,
    where none holds any and where there is no such array. Elements without one do not count.
-#}
{% macro json_only_text(json, array_path, item_path) -%}
    {{ return(adapter.dispatch('json_only_text', 'activity_score')(json, array_path, item_path)) }}
{%- endmacro %}

{% macro duckdb__json_only_text(json, array_path, item_path) -%}
    {%- set texts -%}
    list_distinct(list_transform(
            try(json_extract_string({{ json }}, '{{ json_path(array_path + ['*'] + item_path) }}')),
            lambda item: nullif(lower(trim(item)), '')
        ))
    {%- endset -%}
    case when len({{ texts }}) = 1 then {{ texts }}[1] end
{%- endmacro %}

{% macro postgres__json_only_text(json, array_path, item_path) -%}
    {%- set array = "(" ~ json_values(json, {}) ~ " #> array['" ~ array_path | join("', '") ~ "'])" -%}
    (
        select case when count(distinct found.item_text) = 1 then min(found.item_text) end
        from (
            select nullif(lower(trim(elements.item #>> array['{{ item_path | join("', '") }}'])), '') as item_text
            from jsonb_array_elements(
                case when jsonb_typeof({{ array }}) = 'array' then {{ array }} end
            ) as elements (item)
        ) as found
    )
{%- endmacro %}

{% macro snowflake__json_only_text(json, array_path, item_path) -%}
    {%- set texts -%}
    array_distinct(array_compact(transform(
            cast(try_parse_json({{ json_text(json, array_path) }}) as array),
            item -> nullif(lower(trim({{ json_value('item', {'it': item_path}, 'it') }})), '')
        )))
    {%- endset -%}
    case when array_size({{ texts }}) = 1 then cast({{ texts }}[0] as varchar) end
{%- endmacro %}

{% macro spark__json_only_text(json, array_path, item_path) -%}
    {%- set texts -%}
    array_distinct(filter(
            transform(
                from_json({{ json_text(json, array_path) }}, 'array<string>'),
                item -> nullif(lower(trim({{ json_value('item', {'it': item_path}, 'it') }})), '')
            ),
            item -> item is not null
        ))
    {%- endset -%}
    case when size({{ texts }}) = 1 then {{ texts }}[0] end
{%- endmacro %}
