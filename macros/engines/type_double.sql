{#- An 8-byte float: dbt's own type_float is 4 bytes on DuckDB and Spark, which moved scores by 1e-6. -#}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double', 'activity_score')()) }}
{%- endmacro %}

{% macro default__type_double() %}double{% endmacro %}

{% macro postgres__type_double() %}double precision{% endmacro %}
