{#-
    Names in lower case, each under its first letter and once more under *, to be joined with patterns by the first
    letter of the pattern: so a pattern is compared with the names that begin as it does, and only one that begins with
    * with all.

    Arguments:
        relation: the relation of the names.
        name: its column with the name.
        columns: which columns to keep.
    Result: the columns, lower_name, first_letter.
-#}
{% macro by_first_letter(relation, name, columns) -%}
    {%- for first_letter in ["substring(lower(" ~ name ~ "), 1, 1)", "'*'"] %}
    select
        {{ columns | join(', ') }},
        lower({{ name }}) as lower_name,
        {{ first_letter }} as first_letter
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
