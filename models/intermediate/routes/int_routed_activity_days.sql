{#-
    Of the days of activity only those of accounts that have a task, as far back as the scores of the trend look: the one
    place in which routing reads the big table.
-#}
with episodes as (
    select * from {{ ref('playbook_episodes') }}
    where is_routed
),

activity_days as (
    select * from {{ ref('int_activity_days') }}
    where party <> 'third'
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

run as (
    select * from {{ ref('int_run') }}
),

routed as (
    select
        activity_days.tenant_id,
        activity_days.account_id,
        activity_days.developer_id,
        activity_days.source,
        activity_days.activity_type,
        activity_days.activity_day,
        activity_days.last_occurred_at,
        activity_days.half_life_days,
        tenants.window_days,
        activity_types.is_meaningful,
        activity_types.weight,
        activity_days.points,
        case
            when activity_days.activity_day > run.as_of_day - tenants.window_days
                then
                    activity_days.points * activity_days.role_weight
                    * {{ decay('run.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }}
            else 0
        end as points_today
    from activity_days
    inner join episodes on activity_days.account_id = episodes.account_id
    inner join tenants on activity_days.tenant_id = tenants.tenant_id
    inner join activity_types on activity_days.activity_type = activity_types.activity_type
    cross join run
    where activity_days.activity_day > run.first_trend_day - tenants.window_days
)

select * from routed
