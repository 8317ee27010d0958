{#-
    Whether the keys of a row are among those of a relation, for the condition of a `delete` over `model_rows`. A null is
    among none.

    For an `exists` DuckDB first collects the keys of all rows, which takes it four times as long as `in` with a list of
    columns; Delta Lake's `delete` takes no such list.

    Arguments:
        keys: the relation's columns, each with the row's value as SQL.
        relation: the relation, as SQL.
-#}
{% macro is_among(keys, relation) -%}
    {{ return(adapter.dispatch('is_among', 'activity_score')(keys, relation)) }}
{%- endmacro %}

{% macro default__is_among(keys, relation) -%}
    exists (
        select 1
        from {{ relation }} as found
        where
            {%- for column, value in keys.items() %}
            found.{{ column }} = {{ value }}{{ ' and' if not loop.last }}
            {%- endfor %}
    )
{%- endmacro %}

{% macro duckdb__is_among(keys, relation) -%}
    ({{ keys.values() | join(', ') }}) in (
        select
            {%- for column in keys %}
            found.{{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }} as found
    )
{%- endmacro %}
