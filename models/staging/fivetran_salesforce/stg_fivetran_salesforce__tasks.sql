{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set raw_columns = [
    'id', 'who_id', 'account_id', 'type', 'task_subtype', 'status', 'is_closed', 'call_type', 'call_disposition',
    'completed_date_time', 'activity_date', 'created_date', 'is_recurrence', 'is_deleted', '_fivetran_deleted',
    '_fivetran_active', '_fivetran_synced',
] -%}
with tasks as (
    select
        {{ salesforce_columns(raw_columns) }}
    from {{ source('fivetran_salesforce', 'task') }} as raw
),

named as (
    select
        tasks.*,
        coalesce(tasks.completed_date_time, tasks.activity_date, tasks.created_date) as time_text,
        {{ moment_of('coalesce(tasks.completed_date_time, tasks.activity_date, tasks.created_date)') }} as occurred_at,
        {{ moment_of('tasks._fivetran_synced') }} as synced_at,
        {#- The subtype is Salesforce's own, the type is a list that people edit. #}
        case
            when lower(tasks.task_subtype) = 'call' or lower(tasks.type) like '%call%' then 'call_completed'
            when lower(tasks.task_subtype) in ('email', 'listemail') or lower(tasks.type) like '%email%'
                then 'email_delivered'
            when lower(tasks.type) like '%meeting%' then 'meeting_held'
        end as activity_type
    from tasks
),

judged as (
    select
        named.*,
        case
            when id is null then 'missing_id'
            when time_text is null then 'missing_completed_date_time'
            when occurred_at is null then 'bad_completed_date_time'
            when not {{ is_plausible('occurred_at') }} then 'implausible_completed_date_time'
        end as rejection_reason,
        case
            when not coalesce({{ try_boolean('_fivetran_active') }}, true) then 'old_version'
            when {{ is_true('is_deleted') }} or {{ is_true('_fivetran_deleted') }} then 'deleted'
            {#- A task is our own to-do unless it logs a call, a mail or a meeting. #}
            when activity_type is null or {{ is_true('is_recurrence') }} then 'not_an_activity'
            when not coalesce({{ try_boolean('is_closed') }}, lower(status) = 'completed', false) then 'open_task'
            when
                activity_type = 'call_completed'
                and (
                    lower(call_disposition) like '%no answer%' or lower(call_disposition) like '%voice%mail%'
                    or lower(call_disposition) like '%busy%' or lower(call_disposition) like '%wrong number%'
                    or lower(call_disposition) like '%not reached%' or lower(call_disposition) like '%left message%'
                )
                then 'not_reached'
        end as exclusion_reason
    from named
),

shaped as (
    select
        'task' as table_name,
        'task:' || id as activity_id,
        who_id,
        account_id,
        occurred_at,
        synced_at,
        activity_type,
        exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record
    from judged
)

select * from shaped
