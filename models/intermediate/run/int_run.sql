{{ config(materialized='view') }}

{#-
    The only place that knows the day. It asks for it only when it is run: what a model asks for while dbt reads the
    project, dbt remembers, and parses again whenever it has changed, which would be every day.

    90 published days of trend; before them, the days that a surge on the first of them looks back to: a surge day
    counts for 7 days and compares with the score 7 days earlier.
-#}
{%- set as_of = env_var('ACTIVITY_SCORE_AS_OF', '2000-01-01') if execute -%}
{%- set published_at = env_var('ACTIVITY_SCORE_PUBLISHED_AT', '2000-01-01 00:00:00') if execute -%}
with resolved as (
    select
        cast('{{ as_of }}' as date) as as_of_date,
        cast('{{ published_at }}' as timestamp) as published_at
),

numbered as (
    select
        as_of_date,
        published_at,
        {{ to_day('as_of_date') }} as as_of_day
    from resolved
),

run as (
    select
        as_of_date,
        published_at,
        as_of_day,
        as_of_day - 89 as first_trend_day,
        as_of_day - 89 - 13 as first_score_day
    from numbered
)

select * from run
