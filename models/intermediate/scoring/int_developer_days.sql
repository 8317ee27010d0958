{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_redrawn('int_developer_redraws', 'developer_number', 'first_trend_day')) }}",
) }}

{#-
    D(d, t): a developer's decayed points over all accounts and sources. Sources with the same half-life are one series:
    they decay alike.
-#}
with activity_days as (
    select * from {{ ref('int_activity_days') }}
    where developer_id is not null and party <> 'third'
),

redraws as (
    select * from {{ ref('int_developer_redraws') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

daily_points as (
    select
        redraws.developer_number,
        redraws.first_day,
        activity_days.activity_day,
        activity_days.half_life_days,
        tenants.window_days,
        sum(activity_days.points) as points,
        sum(activity_days.activity_count) as activity_count
    from activity_days
    inner join tenants on activity_days.tenant_id = tenants.tenant_id
    inner join redraws on activity_days.developer_id = redraws.developer_id
    where activity_days.points > 0 and activity_days.activity_day > redraws.first_day - tenants.window_days
    group by
        redraws.developer_number,
        redraws.first_day,
        activity_days.activity_day,
        activity_days.half_life_days,
        tenants.window_days
),

decayed as (
    {{ decayed_points_by_day(['developer_number'], 'daily_points') }}
),

summed as (
    select
        developer_number,
        score_day,
        sum(engagement_points) as developer_points
    from decayed
    group by developer_number, score_day
)

select * from summed
