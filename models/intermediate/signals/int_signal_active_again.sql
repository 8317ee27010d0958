{#-
    The first active day of the last within_days, and the last one before them: since the quiet time is longer than
    within_days, there is no other return to be found among them.
-#}
with people as (
    select * from {{ ref('int_account_people') }}
),

settings as (
    {{ signal_settings('active_again', ['quiet_days']) }}
),

spans as (
    select
        account_id,
        min(first_recent_day) as back_day,
        max(last_earlier_day) as last_day_before
    from people
    group by account_id
),

returns as (
    select
        spans.account_id,
        spans.back_day,
        spans.last_day_before,
        spans.back_day - spans.last_day_before - 1 as quiet_days
    from spans
    cross join settings
    where spans.back_day - spans.last_day_before - 1 >= settings.quiet_days
),

people_back as (
    select
        people.account_id,
        people.developer_id
    from people
    inner join returns on people.account_id = returns.account_id
    where people.first_recent_day is not null
),

listed_people as (
    {{ people_of_accounts('people_back') }}
),

found as (
    select
        returns.account_id,
        'active_again' as signal,
        returns.back_day as detected_day,
        listed_people.developers,
        coalesce(listed_people.developer_count, 0) as developer_count,
        'Back on ' || {{ date_text(to_date('returns.back_day')) }} || ' after '
        || {{ counted('returns.quiet_days', 'quiet day', 'quiet days') }} || ' (active until '
        || {{ date_text(to_date('returns.last_day_before')) }} || ')'
        || coalesce('; ' || {{ counted('listed_people.developer_count', 'person', 'people') }} || ' since', '')
            as evidence
    from returns
    left join listed_people on returns.account_id = listed_people.account_id
)

select * from found
