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

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

{# A window is 30 days at most, and is looked through on every day of the trend. #}
activity_days as (
    select activity_days.*
    from {{ ref('int_activity_days') }} as activity_days
    cross join run
    where
        activity_days.activity_day > run.first_trend_day - 30
        and activity_days.activity_day <= run.as_of_day
        and activity_days.account_number is not null
        and activity_days.party <> 'third'
),

watched as (
    select
        signal_activity_types.signal,
        signal_activity_types.takes_back,
        activity_days.account_number,
        activity_days.developer_number,
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
        account_number,
        coalesce(developer_number, 0) as developer_key,
        max(last_occurred_at) as withdrawn_at
    from watched
    where takes_back
    group by signal, account_number, coalesce(developer_number, 0)
),

in_force as (
    select
        watched.signal,
        account_numbers.account_id,
        developer_numbers.developer_id,
        watched.activity_type,
        watched.display_name,
        watched.activity_day,
        watched.activity_count
    from watched
    inner join account_numbers on watched.account_number = account_numbers.account_number
    left join developer_numbers on watched.developer_number = developer_numbers.developer_number
    left join withdrawals
        on
            watched.signal = withdrawals.signal
            and watched.account_number = withdrawals.account_number
            and coalesce(watched.developer_number, 0) = withdrawals.developer_key
    where
        not watched.takes_back
        and (withdrawals.withdrawn_at is null or watched.last_occurred_at > withdrawals.withdrawn_at)
)

select * from in_force
