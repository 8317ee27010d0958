{#-
    The first identifier of a record, whether it may link or not: what is about one person by one name has one key. Records
    do not keep it, since it only repeats one of their columns.
-#}
{% macro person_key(record) -%}
    coalesce(
        {%- for kind in identifier_kinds() %}
            '{{ kind }}:' || {{ record }}.{{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
        )
{%- endmacro %}

{#- The same without its kind; null where a record has no identifier. -#}
{% macro first_value(record) -%}
    coalesce(
        {%- for kind in identifier_kinds() %}{{ record }}.{{ kind }}{{ ', ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{#-
    Whether a record is about one of some people. `in` finds the few by the value alone, so that the key is put together
    for these and not for all.

    Arguments:
        record: the alias of the records.
        people: a relation of (tenant_id, person_key).
-#}
{% macro is_about(record, people) -%}
    {{ first_value(record) }} in (
            select substring(people.person_key, length(split_part(people.person_key, ':', 1)) + 2)
            from {{ people }} as people
        )
        and {{ is_among({'tenant_id': record ~ '.tenant_id', 'person_key': person_key(record)}, people) }}
{%- endmacro %}
