{#-
    A hook of a model that changes rows which the model has just written. DuckDB takes long to delete rows in the
    transaction that wrote them, and little once they are committed; elsewhere the hook belongs to the transaction.

    Arguments:
        sql: the statement, as text to be rendered when it runs.
-#}
{% macro after_writing(sql) -%}
    {{ return(adapter.dispatch('after_writing', 'activity_score')(sql)) }}
{%- endmacro %}

{% macro default__after_writing(sql) -%}
    {{ return({'sql': sql, 'transaction': true}) }}
{%- endmacro %}

{% macro duckdb__after_writing(sql) -%}
    {{ return({'sql': sql, 'transaction': false}) }}
{%- endmacro %}
