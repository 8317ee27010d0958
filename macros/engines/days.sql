{#- Days are integers (since 1970-01-01, UTC) wherever they are counted with: no engine agrees with another on date arithmetic. -#}
{% macro to_day(moment) -%}
    {{ return(adapter.dispatch('to_day', 'activity_score')(moment)) }}
{%- endmacro %}

{% macro default__to_day(moment) -%}
    cast({{ dbt.datediff("cast('1970-01-01' as date)", "cast(" ~ moment ~ " as date)", 'day') }} as integer)
{%- endmacro %}

{% macro duckdb__to_day(moment) -%}
    cast(cast({{ moment }} as date) - date '1970-01-01' as integer)
{%- endmacro %}

{#- The calendar date of an integer day. -#}
{% macro to_date(day) -%}
    {{ return(adapter.dispatch('to_date', 'activity_score')(day)) }}
{%- endmacro %}

{% macro default__to_date(day) -%}
    cast({{ dbt.dateadd('day', day, "cast('1970-01-01' as date)") }} as date)
{%- endmacro %}

{% macro duckdb__to_date(day) -%}
    (date '1970-01-01' + cast({{ day }} as integer))
{%- endmacro %}
