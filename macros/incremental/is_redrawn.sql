{#-
    Days that this run draws again. Only who was drawn before has rows to take away, and `in` finds those without looking
    at all others: `exists` with a comparison of days is worked out row by row.

    Arguments:
        redraws: the model that says from which day on, per key.
        key: the column that both have.
        day: the row's day, as a number.
-#}
{% macro is_redrawn(redraws, key, day='model_rows.score_day') -%}
    model_rows.{{ key }} in (
        select again.{{ key }}
        from {{ ref(redraws) }} as again
        where again.is_drawn_again
    )
    and exists (
        select 1
        from {{ ref(redraws) }} as redraws
        where redraws.{{ key }} = model_rows.{{ key }} and {{ day }} >= redraws.first_day
    )
{%- endmacro %}

{#-
    Days that have left what is kept.

    Arguments:
        first_day: the column of int_run before which nothing is kept.
        day: the row's day, as a number.
-#}
{% macro is_outdated(first_day, day='model_rows.score_day') -%}
    {{ day }} < (select max(run.{{ first_day }}) from {{ ref('int_run') }} as run)
{%- endmacro %}
