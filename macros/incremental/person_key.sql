{#-
    The first identifier of a record, whether it may link or not: what is about one person by one name has one key. Among
    millions of records it is neither kept nor worked out: they are looked for by the column of its kind (is_named_by).
-#}
{% macro person_key(record) -%}
    coalesce(
        {%- for kind in identifier_kinds() %}
            '{{ kind }}:' || {{ record }}.{{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
        )
{%- endmacro %}

{% macro has_an_identifier(record) -%}
    coalesce(
        {%- for kind in identifier_kinds() %}{{ record }}.{{ kind }}{{ ', ' if not loop.last }}{% endfor -%}
    ) is not null
{%- endmacro %}

{#-
    Whether a record is about one of some people, as far as the key of these is of one kind: for a join, once for each
    kind. A kind that none of them has costs nothing, and the others are looked for in a column each.

    Arguments:
        record: the alias of the records.
        kind: the kind of identifier.
        people: the alias of a relation of (tenant_id, person_key).
-#}
{% macro is_named_by(record, kind, people) -%}
    split_part({{ people }}.person_key, ':', 1) = '{{ kind }}'
            and {{ record }}.{{ kind }} = substring({{ people }}.person_key, {{ kind | length + 2 }})
            and {{ record }}.tenant_id = {{ people }}.tenant_id
            {%- for earlier in identifier_kinds()[:identifier_kinds().index(kind)] %}
            and {{ record }}.{{ earlier }} is null
            {%- endfor %}
{%- endmacro %}
