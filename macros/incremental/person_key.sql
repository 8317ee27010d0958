{#- The first identifier of a record, whether it may link or not: what is about one person by one name has one key. -#}
{% macro person_key(record) -%}
    coalesce(
        {%- for kind in identifier_kinds() %}
            '{{ kind }}:' || {{ record }}.{{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
        )
{%- endmacro %}
