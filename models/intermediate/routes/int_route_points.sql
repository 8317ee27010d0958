{{ config(materialized='view') }}

{#-
    What a routed account that is High has in hand for the days to come. Without new activity the points of a source
    only fade and, one day of activity after the other, fall out of the window; the breadth term does not fade, and a
    developer falls out 30 days after the last active day.
-#}
with run as (
    select * from {{ ref('int_run') }}
),

episodes as (
    select * from {{ ref('playbook_episodes') }}
    where is_routed
),

high_accounts as (
    select * from {{ ref('accounts') }}
    where activity_category = 'High'
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null
),

breadth as (
    select source_number from {{ ref('int_sources') }}
    where source = 'active_developers'
),

accounts as (
    select
        high_accounts.account_id,
        account_numbers.account_number,
        tenants.window_days,
        tenants.points_per_active_developer
    from high_accounts
    inner join episodes on high_accounts.account_id = episodes.account_id
    inner join account_numbers on high_accounts.account_id = account_numbers.account_id
    inner join tenants on high_accounts.tenant_id = tenants.tenant_id
),

event_points as (
    select
        accounts.account_number,
        activity_days.source_number,
        activity_days.activity_day + accounts.window_days as falls_out_day,
        activity_days.points * activity_days.role_weight
        * {{ decay('run.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }} as points_today
    from {{ ref('int_activity_days') }} as activity_days
    cross join run
    inner join accounts on activity_days.account_number = accounts.account_number
    where
        activity_days.points > 0
        and activity_days.party <> 'third'
        and activity_days.activity_day > run.as_of_day - accounts.window_days
),

breadth_points as (
    select
        accounts.account_number,
        breadth.source_number,
        people.last_day + 30 as falls_out_day,
        sum(accounts.points_per_active_developer) as points_today
    from people
    cross join run
    cross join breadth
    inner join accounts on people.account_number = accounts.account_number
    where people.last_day > run.as_of_day - 30
    group by accounts.account_number, breadth.source_number, people.last_day + 30
),

points as (
    select * from event_points
    union all
    select * from breadth_points
)

select * from points
