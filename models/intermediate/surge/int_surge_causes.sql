{{ config(materialized='table') }}

{#-
    What made a surge: the first of import, identity and settings without which there would be no rise of more than 40;
    else activity. Where several days make the surge, one that stands on activity is enough; else the latest speaks.
-#}
with account_days as (
    select * from {{ ref('int_account_days') }}
),

alternatives as (
    select * from {{ ref('int_surge_alternatives') }}
),

run as (
    select * from {{ ref('int_run') }}
),

surge_days as (
    select
        account_days.account_id,
        account_days.score_day as surge_day
    from account_days
    cross join run
    where account_days.is_surge_day and account_days.score_day between run.as_of_day - 6 and run.as_of_day
),

missing_in as (
    select
        account_id,
        surge_day,
        max(case when cause = 'import' then 1 else 0 end) as needs_import,
        max(case when cause = 'identity' then 1 else 0 end) as needs_identity,
        max(case when cause = 'settings' then 1 else 0 end) as needs_settings
    from alternatives
    where activity_score - score_7d_ago <= 40
    group by account_id, surge_day
),

day_causes as (
    select
        surge_days.account_id,
        surge_days.surge_day,
        case
            when missing_in.needs_import = 1 then 'import'
            when missing_in.needs_identity = 1 then 'identity'
            when missing_in.needs_settings = 1 then 'settings'
            else 'activity'
        end as surge_cause
    from surge_days
    left join missing_in
        on
            surge_days.account_id = missing_in.account_id
            and surge_days.surge_day = missing_in.surge_day
),

ranked as (
    select
        day_causes.*,
        row_number() over (
            partition by account_id
            order by case when surge_cause = 'activity' then 0 else 1 end asc, surge_day desc
        ) as cause_rank
    from day_causes
),

causes as (
    select
        account_id,
        surge_cause
    from ranked
    where cause_rank = 1
)

select * from causes
