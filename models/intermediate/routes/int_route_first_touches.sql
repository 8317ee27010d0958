{{ config(materialized='view') }}

{#-
    What to begin with: of the most recent day on which something meaningful happened, what weighs most (a form before a
    copied command, that before a visit to a page), and of that the latest. First which day that is, then what happened
    on it: all days need not be put in order. As far back as the scores of the trend look.
-#}
with episodes as (
    select * from {{ ref('playbook_episodes') }}
    where is_routed
),

activity_types as (
    select * from {{ ref('activity_types') }}
    where is_meaningful
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

developers as (
    select * from {{ ref('developers') }}
),

run as (
    select * from {{ ref('int_run') }}
),

latest_days as (
    select
        activity_days.account_number,
        max(activity_days.activity_day) as activity_day
    from {{ ref('int_activity_days') }} as activity_days
    cross join run
    inner join tenants on activity_days.tenant_id = tenants.tenant_id
    inner join activity_types on activity_days.activity_type = activity_types.activity_type
    where activity_days.party <> 'third' and activity_days.activity_day > run.first_trend_day - tenants.window_days
    group by activity_days.account_number
),

routed_days as (
    select
        account_numbers.account_id,
        latest_days.account_number,
        latest_days.activity_day
    from latest_days
    inner join account_numbers on latest_days.account_number = account_numbers.account_number
    inner join episodes on account_numbers.account_id = episodes.account_id
),

touches as (
    select
        routed_days.account_id,
        activity_days.developer_number,
        activity_days.activity_type,
        activity_days.activity_day,
        activity_days.last_occurred_at
    from {{ ref('int_activity_days') }} as activity_days
    inner join routed_days
        on
            activity_days.account_number = routed_days.account_number
            and activity_days.activity_day = routed_days.activity_day
    where activity_days.party <> 'third'
),

ranked as (
    select
        touches.account_id,
        developer_numbers.developer_id,
        touches.activity_day,
        activity_types.recommended_first_touch,
        activity_types.headline,
        max(touches.last_occurred_at) over (partition by touches.account_id) as most_recent_meaningful_activity_at,
        row_number() over (
            partition by touches.account_id
            order by
                activity_types.weight desc,
                touches.last_occurred_at desc,
                touches.activity_type asc,
                developer_numbers.developer_id asc nulls last
        ) as touch_rank
    from touches
    inner join activity_types on touches.activity_type = activity_types.activity_type
    left join developer_numbers on touches.developer_number = developer_numbers.developer_number
),

first_touches as (
    select
        ranked.account_id,
        ranked.most_recent_meaningful_activity_at,
        ranked.recommended_first_touch,
        ranked.headline as first_touch_headline,
        developers.display_name as first_touch_contact,
        {{ to_date('ranked.activity_day') }} as first_touch_activity_on
    from ranked
    left join developers on ranked.developer_id = developers.developer_id
    where ranked.touch_rank = 1
)

select * from first_touches
