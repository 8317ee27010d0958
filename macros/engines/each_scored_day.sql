{#-
    A row for each scored day of each stretch (first_day to last_day, inclusive), with its number as `score_day`.
    A range join does it on every engine; DuckDB spreads a list three times as fast.

    Arguments:
        stretches: the relation.
        columns: the columns to keep.
        first_day, last_day: the columns with the first and last day; the last may lie after the as-of day.
-#}
{% macro each_scored_day(stretches, columns, first_day, last_day) -%}
    {{ return(adapter.dispatch('each_scored_day', 'activity_score')(stretches, columns, first_day, last_day)) }}
{%- endmacro %}

{% macro default__each_scored_day(stretches, columns, first_day, last_day) -%}
    select
        {%- for column in columns %}
        stretches.{{ column }},
        {%- endfor %}
        score_days.score_day
    from {{ stretches }} as stretches
    inner join {{ ref('int_score_days') }} as score_days
        on score_days.score_day between stretches.{{ first_day }} and stretches.{{ last_day }}
{%- endmacro %}

{#- `is true` keeps the days on the side that is hashed: a join may be turned round, and hash all that was spread. -#}
{% macro duckdb__each_scored_day(stretches, columns, first_day, last_day) -%}
    select
        {%- for column in columns %}
        spread.{{ column }},
        {%- endfor %}
        spread.score_day
    from (
        select
            stretches.*,
            cast(
                unnest(range(
                    cast(stretches.{{ first_day }} as bigint),
                    cast(least(stretches.{{ last_day }}, run.as_of_day) as bigint) + 1
                )) as integer
            ) as score_day
        from {{ stretches }} as stretches
        cross join {{ ref('int_run') }} as run
    ) as spread
    where (spread.score_day in (select score_days.score_day from {{ ref('int_score_days') }} as score_days)) is true
{%- endmacro %}
