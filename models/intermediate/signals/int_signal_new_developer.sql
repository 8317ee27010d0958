with people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('new_developer', ['within_days'], ['minimum_share']) }}
),

newcomers as (
    select people.*
    from people
    cross join run
    cross join settings
    where people.joined_day > run.as_of_day - settings.within_days
),

listed_people as (
    {{ people_of_accounts('newcomers') }}
),

known_people as (
    select
        people.account_id,
        count(*) as developer_count
    from people
    cross join run
    cross join settings
    where people.joined_day <= run.as_of_day - settings.within_days
    group by people.account_id
),

latest as (
    select
        account_id,
        max(joined_day) as detected_day
    from newcomers
    group by account_id
),

found as (
    select
        latest.account_id,
        'new_developer' as signal,
        latest.detected_day,
        listed_people.developers,
        listed_people.developer_count,
        {{ counted('listed_people.developer_count', 'new developer', 'new developers') }} || ' in the last '
        || {{ counted('settings.within_days', 'day', 'days') }} || ', '
        || case when listed_people.developer_count > 1 then 'the latest ' else '' end
        || 'on ' || {{ date_text(to_date('latest.detected_day')) }} || '; '
        || coalesce({{ counted('known_people.developer_count', 'other', 'others') }}, 'nobody') || ' seen before'
            as evidence
    from latest
    cross join settings
    inner join listed_people on latest.account_id = listed_people.account_id
    left join known_people on latest.account_id = known_people.account_id
    where
        listed_people.developer_count
        >= cast(settings.minimum_share * coalesce(known_people.developer_count, 0) as decimal(18, 9))
)

select * from found
