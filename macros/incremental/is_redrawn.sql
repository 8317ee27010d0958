{#-
    Days that this run draws again, and days that have left the trend.

    Arguments:
        redraws: the model that says from which day on, per key.
        key: the column that both have.
        first_day: the column of int_run before which nothing is kept.
        day: the row's day, as a number.
-#}
{% macro is_redrawn(redraws, key, first_day='first_score_day', day='model_rows.score_day') -%}
    (
        {{ day }} < (select max(run.{{ first_day }}) from {{ ref('int_run') }} as run)
        or exists (
            select 1
            from {{ ref(redraws) }} as redraws
            where redraws.{{ key }} = model_rows.{{ key }} and {{ day }} >= redraws.first_day
        )
    )
{%- endmacro %}
