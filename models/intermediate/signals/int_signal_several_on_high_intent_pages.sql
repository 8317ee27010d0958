with people as (
    select * from {{ ref('int_signal_groups') }}
    where signal = 'several_on_high_intent_pages'
),

activities as (
    select * from {{ ref('int_signal_activities') }}
    where signal = 'several_on_high_intent_pages'
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('several_on_high_intent_pages', ['within_days']) }}
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

pages as (
    select
        activities.account_id,
        activities.display_name,
        sum(activities.activity_count) as views
    from activities
    inner join people
        on activities.account_id = people.account_id and activities.developer_id = people.developer_id
    cross join run
    cross join settings
    where activities.activity_day > run.as_of_day - settings.within_days
    group by activities.account_id, activities.display_name
),

listed_pages as (
    select
        account_id,
        {{ dbt.listagg(
            "display_name || ' (' || cast(views as " ~ dbt.type_string() ~ ") || ')'",
            "', '",
            'order by views desc, display_name asc'
        ) }} as page_list
    from pages
    group by account_id
),

found as (
    select
        since.account_id,
        'several_on_high_intent_pages' as signal,
        since.detected_day,
        listed_people.developers,
        listed_people.developer_count,
        {{ counted('listed_people.developer_count', 'person', 'people') }} || ' on high-intent pages in the last '
        || {{ counted('settings.within_days', 'day', 'days') }} || ': ' || listed_pages.page_list as evidence
    from since
    cross join settings
    inner join listed_people on since.account_id = listed_people.account_id
    inner join listed_pages on since.account_id = listed_pages.account_id
)

select * from found
