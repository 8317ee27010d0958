{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set raw_columns = [
    'id', 'who_id', 'account_id', 'type', 'event_subtype', 'start_date_time', 'activity_date_time', 'activity_date',
    'created_date', 'is_child', 'is_recurrence', 'is_recurrence_2', 'is_deleted', '_fivetran_deleted',
    '_fivetran_active', '_fivetran_synced',
] -%}
with events as (
    select
        {{ salesforce_columns(raw_columns) }}
    from {{ source('fivetran_salesforce', 'event') }} as raw
),

people as (
    select * from {{ ref('stg_fivetran_salesforce__people') }}
),

account_domains as (
    select * from {{ ref('stg_fivetran_salesforce__account_domains') }}
),

run as (
    select * from {{ ref('int_run') }}
),

dated as (
    select
        events.*,
        coalesce(events.start_date_time, events.activity_date_time, events.activity_date) as time_text,
        {{ moment_of('coalesce(events.start_date_time, events.activity_date_time, events.activity_date)') }}
            as starts_at,
        {{ moment_of('events.created_date') }} as created_at,
        {{ moment_of('events._fivetran_synced') }} as synced_at,
        run.as_of_day
    from events
    cross join run
),

judged as (
    select
        dated.*,
        {#- A meeting is booked as long as its own day lies ahead, and held from then on; see the description. #}
        created_at is not null and {{ to_day('starts_at') }} > as_of_day as is_ahead,
        case
            when id is null then 'missing_id'
            when time_text is null then 'missing_start_date_time'
            when starts_at is null then 'bad_start_date_time'
            when not {{ is_plausible('starts_at') }} then 'implausible_start_date_time'
        end as rejection_reason,
        case
            when not coalesce({{ try_boolean('_fivetran_active') }}, true) then 'old_version'
            when {{ is_true('is_deleted') }} or {{ is_true('_fivetran_deleted') }} then 'deleted'
            {#- A copy of the meeting in the calendar of a further colleague of ours. #}
            when {{ is_true('is_child') }} then 'same_activity'
            {#- The plan of a series; its meetings are records of their own. #}
            when {{ is_true('is_recurrence') }} or {{ is_true('is_recurrence_2') }} then 'not_an_activity'
        end as exclusion_reason
    from dated
),

joined as (
    select
        judged.*,
        people.person_id is not null and people.is_deleted as is_person_deleted,
        people.email,
        people.full_name,
        coalesce(people.user_id, 'salesforce:' || judged.who_id) as user_id,
        coalesce(account_domains.account_domain, people.account_domain) as account_domain
    from judged
    left join people on judged.who_id = people.person_id
    left join account_domains on judged.account_id = account_domains.account_id
),

shaped as (
    select
        'fivetran_salesforce' as source_system,
        'default' as tenant_id,
        'event:' || id as activity_id,
        case when is_ahead then created_at else starts_at end as occurred_at,
        coalesce(synced_at, case when is_ahead then created_at else starts_at end) as loaded_at,
        case
            when is_ahead then 'meeting_booked'
            when lower(type) like '%call%' then 'call_completed'
            else 'meeting_held'
        end as activity_type,
        case when not is_person_deleted then email end as email,
        case when not is_person_deleted then {{ email_domain('email') }} end as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        case when not is_person_deleted then user_id end as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        case when not is_person_deleted then full_name end as display_name,
        account_domain,
        cast(null as {{ dbt.type_string() }}) as url,
        false as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when rejection_reason is null then exclusion_reason end as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'event' as table_name
    from joined
)

select * from shaped
