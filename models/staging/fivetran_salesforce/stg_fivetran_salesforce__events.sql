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

shaped as (
    select
        'event' as table_name,
        'event:' || id as activity_id,
        who_id,
        account_id,
        case when is_ahead then created_at else starts_at end as occurred_at,
        synced_at,
        case
            when is_ahead then 'meeting_booked'
            when lower(type) like '%call%' then 'call_completed'
            else 'meeting_held'
        end as activity_type,
        exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record
    from judged
)

select * from shaped
