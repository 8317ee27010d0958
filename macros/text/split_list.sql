{#-
    A relation of (columns..., item): one row per item of a `;`-separated text column. At most 50 items, from digits:
    arrays have no common syntax across engines.
-#}
{% macro split_list(relation, columns, list_column) -%}
    select
        {%- for column in columns %}
        listed.{{ column }},
        {%- endfor %}
        trim(split_part(listed.{{ list_column }}, ';', positions.position)) as item
    from {{ relation }} as listed
    inner join (
        {%- for position in range(1, 51) %}
        select {{ position }} as position{{ ' union all' if not loop.last }}
        {%- endfor %}
    ) as positions
        on positions.position <= length(listed.{{ list_column }}) - length(replace(listed.{{ list_column }}, ';', '')) + 1
    where trim(split_part(listed.{{ list_column }}, ';', positions.position)) <> ''
{%- endmacro %}
