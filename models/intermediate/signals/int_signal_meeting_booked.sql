{#-
    No feed says in whose calendar a meeting is: it is taken for the owner's where the account has one. Who cancelled
    after booking has booked nothing (int_signal_activities).
-#}
with activities as (
    select * from {{ ref('int_signal_activities') }}
    where signal = 'meeting_booked'
),

owned_accounts as (
    select account_id
    from {{ ref('accounts') }}
    where coalesce(owner_email, owner_name) is not null
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('meeting_booked', ['within_days']) }}
),

recent as (
    select activities.*
    from activities
    inner join owned_accounts on activities.account_id = owned_accounts.account_id
    cross join run
    cross join settings
    where activities.activity_day > run.as_of_day - settings.within_days
),

listed_people as (
    {{ people_of_accounts('recent') }}
),

meetings as (
    select
        account_id,
        sum(activity_count) as meetings,
        max(activity_day) as detected_day
    from recent
    group by account_id
),

found as (
    select
        meetings.account_id,
        'meeting_booked' as signal,
        meetings.detected_day,
        listed_people.developers,
        coalesce(listed_people.developer_count, 0) as developer_count,
        {{ counted('meetings.meetings', 'meeting', 'meetings') }} || ' booked in the last '
        || {{ counted('settings.within_days', 'day', 'days') }} || ', '
        || case when meetings.meetings > 1 then 'the latest ' else '' end
        || 'on ' || {{ date_text(to_date('meetings.detected_day')) }}
        || coalesce(', by ' || {{ counted('listed_people.developer_count', 'person', 'people') }}, '') as evidence
    from meetings
    cross join settings
    left join listed_people on meetings.account_id = listed_people.account_id
)

select * from found
