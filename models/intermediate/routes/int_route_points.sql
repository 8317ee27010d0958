{#-
    What a routed account that is High has in hand for the days to come. Without new activity the points of a source
    only fade and, one day of activity after the other, fall out of the window; the breadth term does not fade, and a
    developer falls out 30 days after the last active day.
-#}
with activity_days as (
    select * from {{ ref('int_routed_activity_days') }}
),

accounts as (
    select * from {{ ref('accounts') }}
    where activity_category = 'High'
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

sources as (
    select * from {{ ref('sources') }}
),

event_points as (
    select
        account_id,
        source,
        half_life_days,
        activity_day + window_days as falls_out_day,
        sum(points_today) as points_today
    from activity_days
    group by account_id, source, half_life_days, activity_day + window_days
),

last_active_days as (
    select
        tenant_id,
        account_id,
        developer_id,
        max(activity_day) as last_active_day
    from activity_days
    where developer_id is not null and points > 0
    group by tenant_id, account_id, developer_id
),

breadth_points as (
    select
        last_active_days.account_id,
        'active_developers' as source,
        cast(null as {{ type_double() }}) as half_life_days,
        last_active_days.last_active_day + 30 as falls_out_day,
        sum(tenants.points_per_active_developer) as points_today
    from last_active_days
    inner join tenants on last_active_days.tenant_id = tenants.tenant_id
    group by last_active_days.account_id, last_active_days.last_active_day + 30
),

all_points as (
    select * from event_points
    union all
    select * from breadth_points
),

points as (
    select
        accounts.account_id,
        all_points.source,
        all_points.half_life_days,
        all_points.falls_out_day,
        all_points.points_today,
        sources.max_threshold_share * thresholds.account_threshold as points_counted_at_most,
        thresholds.account_threshold
    from all_points
    inner join accounts on all_points.account_id = accounts.account_id
    inner join sources on all_points.source = sources.source
    inner join thresholds on accounts.tenant_id = thresholds.tenant_id
)

select * from points
