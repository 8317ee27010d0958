with activities as (
    select * from {{ ref('int_signal_activities') }}
    where signal = 'senior_person_evaluating' and developer_id is not null
),

developers as (
    select * from {{ ref('developers') }}
    where developer_tags is not null
),

senior_tags as (
    select
        lower(developer_tag) as developer_tag,
        developer_tag as shown_tag
    from {{ ref('developer_tags') }}
    where is_senior
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('senior_person_evaluating', ['within_days']) }}
),

recent as (
    select activities.*
    from activities
    cross join run
    cross join settings
    where activities.activity_day > run.as_of_day - settings.within_days
),

recent_people as (
    select distinct developer_id
    from recent
),

tagged_people as (
    select
        developers.developer_id,
        developers.developer_tags
    from developers
    inner join recent_people on developers.developer_id = recent_people.developer_id
),

tags as (
    {{ split_list('tagged_people', ['developer_id'], 'developer_tags') }}
),

senior_people as (
    select
        tags.developer_id,
        senior_tags.shown_tag
    from tags
    inner join senior_tags on lower(tags.item) = senior_tags.developer_tag
),

seniors as (
    select distinct developer_id
    from senior_people
),

by_seniors as (
    select recent.*
    from recent
    inner join seniors on recent.developer_id = seniors.developer_id
),

listed_people as (
    {{ people_of_accounts('by_seniors') }}
),

ranks as (
    select distinct
        by_seniors.account_id,
        senior_people.shown_tag
    from by_seniors
    inner join senior_people on by_seniors.developer_id = senior_people.developer_id
),

listed_ranks as (
    select
        account_id,
        {{ dbt.listagg('shown_tag', "', '", 'order by shown_tag asc') }} as rank_list
    from ranks
    group by account_id
),

acts as (
    select
        account_id,
        display_name,
        sum(activity_count) as times
    from by_seniors
    group by account_id, display_name
),

listed_acts as (
    select
        account_id,
        {{ dbt.listagg(
            "display_name || ' (' || cast(times as " ~ dbt.type_string() ~ ") || ')'",
            "', '",
            'order by times desc, display_name asc'
        ) }} as act_list
    from acts
    group by account_id
),

latest as (
    select
        account_id,
        max(activity_day) as detected_day
    from by_seniors
    group by account_id
),

found as (
    select
        latest.account_id,
        'senior_person_evaluating' as signal,
        latest.detected_day,
        listed_people.developers,
        listed_people.developer_count,
        {{ counted('listed_people.developer_count', 'senior person', 'senior people') }} || ' ('
        || listed_ranks.rank_list || ') in the last ' || {{ counted('settings.within_days', 'day', 'days') }} || ': '
        || listed_acts.act_list || ', the latest on ' || {{ date_text(to_date('latest.detected_day')) }} as evidence
    from latest
    cross join settings
    inner join listed_people on latest.account_id = listed_people.account_id
    inner join listed_ranks on latest.account_id = listed_ranks.account_id
    inner join listed_acts on latest.account_id = listed_acts.account_id
)

select * from found
