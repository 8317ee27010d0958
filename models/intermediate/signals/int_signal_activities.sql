{{ config(materialized='table') }}

{#-
    The few activity types that signals look at one by one, for as far back as the longest of them is watched. Small,
    and read by four signals.
-#}
with run as (
    select * from {{ ref('int_run') }}
),

signal_activity_types as (
    select * from {{ ref('signal_activity_types') }}
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

{# A window is 30 days at most, and is looked through on every day of the trend. #}
activity_days as (
    select activity_days.*
    from {{ ref('int_activity_days') }} as activity_days
    cross join run
    where
        activity_days.activity_day > run.first_trend_day - 30
        and activity_days.activity_day <= run.as_of_day
        and activity_days.account_id is not null
        and activity_days.party <> 'third'
),

watched as (
    select
        signal_activity_types.signal,
        signal_activity_types.takes_back,
        activity_days.account_id,
        activity_days.developer_id,
        activity_days.activity_type,
        activity_types.display_name,
        activity_days.activity_day,
        activity_days.activity_count,
        activity_days.last_occurred_at
    from activity_days
    inner join signal_activity_types on activity_days.activity_type = signal_activity_types.activity_type
    inner join activity_types on activity_days.activity_type = activity_types.activity_type
),

withdrawals as (
    select
        signal,
        account_id,
        coalesce(developer_id, '') as developer_key,
        max(last_occurred_at) as withdrawn_at
    from watched
    where takes_back
    group by signal, account_id, coalesce(developer_id, '')
),

in_force as (
    select
        watched.signal,
        watched.account_id,
        watched.developer_id,
        watched.activity_type,
        watched.display_name,
        watched.activity_day,
        watched.activity_count
    from watched
    left join withdrawals
        on
            watched.signal = withdrawals.signal
            and watched.account_id = withdrawals.account_id
            and coalesce(watched.developer_id, '') = withdrawals.developer_key
    where
        not watched.takes_back
        and (withdrawals.withdrawn_at is null or watched.last_occurred_at > withdrawals.withdrawn_at)
)

select * from in_force
