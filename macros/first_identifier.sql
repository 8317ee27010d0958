{#-
    Which developer a record is about: its first identifier that may link, in the order that names developers; with
    none, the first that is at least somebody's. Needs the joins of `join_unlinkable`.
-#}
{% macro first_identifier(record) -%}
    coalesce(
        {%- for kind in identifier_kinds() %}
        case when unlinkable_{{ kind }}.unlinkable_reason is null then '{{ kind }}:' || {{ record }}.{{ kind }} end,
        {%- endfor %}
        {%- for kind in identifier_kinds() %}
        case when unlinkable_{{ kind }}.unlinkable_reason <> 'no_reply' then '{{ kind }}:' || {{ record }}.{{ kind }} end{{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#- The few identifiers that may not link, joined to each kind of identifier of a record. -#}
{% macro join_unlinkable(record, unlinkable) -%}
    {%- for kind in identifier_kinds() %}
    left join {{ unlinkable }} as unlinkable_{{ kind }}
        on
            unlinkable_{{ kind }}.identifier_kind = '{{ kind }}'
            and {{ record }}.{{ kind }} = unlinkable_{{ kind }}.identifier_value
            and {{ record }}.tenant_id = unlinkable_{{ kind }}.tenant_id
    {%- endfor %}
{%- endmacro %}
