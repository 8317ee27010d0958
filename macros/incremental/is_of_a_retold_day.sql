{#- Lines of the timeline whose day has left the trend, or whose activities changed in this run. -#}
{% macro is_of_a_retold_day() -%}
    (
        model_rows.occurred_at
        < (select max({{ to_date('run.first_trend_day') }}) from {{ ref('int_run') }} as run)
        or {{ is_published_of_a_touched_day() }}
    )
{%- endmacro %}
