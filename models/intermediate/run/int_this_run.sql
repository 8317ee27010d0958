{{ config(materialized='view') }}

{#- The day, and from which day on something may be new for everybody. -#}
with run as (
    select * from {{ ref('int_run') }}
),

runs as (
    select * from {{ ref('int_runs') }}
),

this_run as (
    select
        run.*,
        runs.previous_as_of_day,
        greatest(coalesce(runs.previous_as_of_day + 1, run.first_score_day), run.first_score_day) as first_new_day
    from run
    inner join runs on run.published_at = runs.run_at
)

select * from this_run
