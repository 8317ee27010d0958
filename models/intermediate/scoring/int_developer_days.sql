{#-
    D(d, t): a developer's decayed points over all accounts and sources. Sources with the same half-life are one series:
    they decay alike.
-#}
with activity_days as (
    select * from {{ ref('int_activity_days') }}
    where developer_id is not null and party <> 'third'
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

daily_points as (
    select
        activity_days.developer_id,
        activity_days.activity_day,
        activity_days.half_life_days,
        tenants.window_days,
        sum(activity_days.points) as points,
        sum(activity_days.activity_count) as activity_count
    from activity_days
    inner join tenants on activity_days.tenant_id = tenants.tenant_id
    where activity_days.points > 0
    group by
        activity_days.developer_id,
        activity_days.activity_day,
        activity_days.half_life_days,
        tenants.window_days
),

decayed as (
    {{ decayed_points_by_day(['developer_id'], 'daily_points', first_day='first_trend_day') }}
),

summed as (
    select
        developer_id,
        score_day,
        sum(engagement_points) as developer_points
    from decayed
    group by developer_id, score_day
)

select * from summed
