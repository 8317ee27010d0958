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

people as (
    select * from {{ ref('stg_fivetran_salesforce__people') }}
),

account_domains as (
    select * from {{ ref('stg_fivetran_salesforce__account_domains') }}
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
        'task:' || id as activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        activity_type,
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
        'task' as table_name
    from joined
)

select * from shaped
