{{ config(materialized='table') }}

{#-
    Several people of one account doing the same within some days: the pages of high intent, the ads seen. Whether it
    holds today is looked up first; since when, only for the accounts where it does.
-#}
with run as (
    select * from {{ ref('int_run') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

settings as (
    select
        signal,
        cast(max(case when setting = 'people' then value end) as integer) as people,
        cast(max(case when setting = 'times' then value end) as integer) as times,
        cast(max(case when setting = 'within_days' then value end) as integer) as within_days
    from {{ ref('signal_settings') }}
    where signal in ('several_on_high_intent_pages', 'repeated_ad_impressions')
    group by signal
),

activities as (
    select
        activities.*,
        settings.people,
        settings.times,
        settings.within_days
    from {{ ref('int_signal_activities') }} as activities
    inner join settings on activities.signal = settings.signal
    where activities.developer_id is not null
),

people_today as (
    select
        activities.signal,
        activities.account_id,
        activities.developer_id,
        activities.people
    from activities
    cross join run
    where activities.activity_day > run.as_of_day - activities.within_days
    group by activities.signal, activities.account_id, activities.developer_id, activities.people, activities.times
    having sum(activities.activity_count) >= activities.times
),

groups_today as (
    select
        signal,
        account_id
    from people_today
    group by signal, account_id, people
    having count(*) >= people
),

day_offsets as (
    select score_days.score_day - run.first_score_day as day_offset
    from score_days
    cross join run
),

{# An activity is in force on its own day and the days after, within_days in all. #}
people_by_day as (
    select
        activities.signal,
        activities.account_id,
        activities.developer_id,
        activities.people,
        activities.activity_day + day_offsets.day_offset as score_day
    from activities
    inner join groups_today
        on activities.signal = groups_today.signal and activities.account_id = groups_today.account_id
    inner join day_offsets on activities.within_days > day_offsets.day_offset
    group by
        activities.signal,
        activities.account_id,
        activities.developer_id,
        activities.people,
        activities.times,
        activities.activity_day + day_offsets.day_offset
    having sum(activities.activity_count) >= activities.times
),

days_held as (
    select
        people_by_day.signal,
        people_by_day.account_id,
        people_by_day.score_day
    from people_by_day
    cross join run
    where people_by_day.score_day between run.first_trend_day and run.as_of_day
    group by people_by_day.signal, people_by_day.account_id, people_by_day.people, people_by_day.score_day
    having count(*) >= people_by_day.people
),

held as (
    {{ held_until_today('days_held', ['signal', 'account_id']) }}
),

members as (
    select
        people_today.signal,
        people_today.account_id,
        people_today.developer_id,
        held.held_since_day
    from people_today
    inner join held on people_today.signal = held.signal and people_today.account_id = held.account_id
)

select * from members
