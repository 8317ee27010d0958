with people as (
    select * from {{ ref('int_signal_groups') }}
    where signal = 'repeated_ad_impressions'
),

activities as (
    select * from {{ ref('int_signal_activities') }}
    where signal = 'repeated_ad_impressions'
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('repeated_ad_impressions', ['within_days', 'times']) }}
),

listed_people as (
    {{ people_of_accounts('people') }}
),

since as (
    select
        account_id,
        min(held_since_day) as detected_day
    from people
    group by account_id
),

impressions as (
    select
        activities.account_id,
        sum(activities.activity_count) as impressions,
        max(activities.activity_day) as latest_day
    from activities
    inner join people
        on activities.account_id = people.account_id and activities.developer_id = people.developer_id
    cross join run
    cross join settings
    where activities.activity_day > run.as_of_day - settings.within_days
    group by activities.account_id
),

found as (
    select
        since.account_id,
        'repeated_ad_impressions' as signal,
        since.detected_day,
        listed_people.developers,
        listed_people.developer_count,
        {{ counted('listed_people.developer_count', 'person', 'people') }} || ' saw our ads '
        || {{ counted('settings.times', 'time', 'times') }} || ' or more each in the last '
        || {{ counted('settings.within_days', 'day', 'days') }} || ', '
        || {{ counted('impressions.impressions', 'time', 'times') }} || ' in all, the latest on '
        || {{ date_text(to_date('impressions.latest_day')) }} as evidence
    from since
    cross join settings
    inner join listed_people on since.account_id = listed_people.account_id
    inner join impressions on since.account_id = impressions.account_id
)

select * from found
