{{ config(enabled='fivetran_hubspot' in var('sources'), materialized='table') }}

{#- Each column first in the connector's names of today, then in those until 2022, then from the engagement itself. -#}
with run as (
    select * from {{ ref('int_run') }}
),

headers as (
    select
        {{ clean_text('id') }} as engagement_id,
        max({{ clean_text('created_at') }}) as created_text,
        max({{ clean_text('timestamp') }}) as time_text,
        max(case when {{ try_boolean('active') }} = false then 1 else 0 end) as is_inactive
    from {{ source('fivetran_hubspot', 'engagement') }}
    group by {{ clean_text('id') }}
),

details as (
    select
        'engagement_meeting' as table_name,
        {{ clean_text('engagement_id') }} as engagement_id,
        coalesce(
            {{ clean_text('property_hs_meeting_start_time') }},
            {{ clean_text('start_time') }},
            {{ clean_text('property_hs_timestamp') }}
        ) as time_text,
        {{ clean_text('property_hs_createdate') }} as created_text,
        coalesce({{ clean_text('property_hs_meeting_outcome') }}, {{ clean_text('meeting_outcome') }}) as outcome,
        cast(null as {{ dbt.type_string() }}) as direction,
        {{ is_true('_fivetran_deleted') }} or {{ is_true('archived') }} as is_deleted,
        {{ clean_text('_fivetran_synced') }} as synced_text
    from {{ source('fivetran_hubspot', 'engagement_meeting') }}
    union all
    select
        'engagement_call' as table_name,
        {{ clean_text('engagement_id') }} as engagement_id,
        {{ clean_text('property_hs_timestamp') }} as time_text,
        {{ clean_text('property_hs_createdate') }} as created_text,
        coalesce({{ clean_text('property_hs_call_disposition') }}, {{ clean_text('disposition') }}) as outcome,
        coalesce({{ clean_text('property_hs_call_status') }}, {{ clean_text('status') }}) as direction,
        {{ is_true('_fivetran_deleted') }} or {{ is_true('archived') }} as is_deleted,
        {{ clean_text('_fivetran_synced') }} as synced_text
    from {{ source('fivetran_hubspot', 'engagement_call') }}
    union all
    select
        'engagement_email' as table_name,
        {{ clean_text('engagement_id') }} as engagement_id,
        {{ clean_text('property_hs_timestamp') }} as time_text,
        {{ clean_text('property_hs_createdate') }} as created_text,
        coalesce({{ clean_text('property_hs_email_status') }}, {{ clean_text('status') }}) as outcome,
        coalesce({{ clean_text('property_hs_email_direction') }}, {{ clean_text('type') }}) as direction,
        {{ is_true('_fivetran_deleted') }} or {{ is_true('archived') }} as is_deleted,
        {{ clean_text('_fivetran_synced') }} as synced_text
    from {{ source('fivetran_hubspot', 'engagement_email') }}
),

joined as (
    select
        details.table_name,
        details.engagement_id,
        coalesce(details.time_text, headers.time_text, details.created_text, headers.created_text) as time_text,
        {{ moment_of('coalesce(details.time_text, headers.time_text, details.created_text, headers.created_text)') }}
            as happened_at,
        {{ moment_of('coalesce(details.created_text, headers.created_text)') }} as created_at,
        {{ moment_of('details.synced_text') }} as synced_at,
        upper(replace(details.outcome, ' ', '_')) as outcome,
        upper(details.direction) as direction,
        details.is_deleted or coalesce(headers.is_inactive, 0) = 1 as is_deleted
    from details
    left join headers on details.engagement_id = headers.engagement_id
),

judged as (
    select
        joined.*,
        {#- A meeting is booked as long as its own day lies ahead, and held from then on; see the description. #}
        joined.table_name = 'engagement_meeting' and joined.created_at is not null
        and {{ to_day('joined.happened_at') }} > run.as_of_day as is_ahead,
        coalesce(joined.outcome, '') in ('CANCELED', 'CANCELLED', 'NO_SHOW', 'RESCHEDULED') as is_off
    from joined
    cross join run
),

shaped as (
    select
        table_name,
        engagement_id,
        case when is_ahead then created_at else happened_at end as occurred_at,
        synced_at,
        case
            when table_name = 'engagement_meeting' and is_off then 'meeting_cancelled'
            when table_name = 'engagement_meeting' and is_ahead then 'meeting_booked'
            when table_name = 'engagement_meeting' then 'meeting_held'
            when table_name = 'engagement_call' then 'call_completed'
            when direction = 'INCOMING_EMAIL' then 'email_replied'
            when outcome = 'BOUNCED' then 'email_bounced'
            else 'email_delivered'
        end as activity_type,
        case
            when is_deleted then 'deleted'
            {#- Outcomes of a call are ids that mean the same everywhere: busy, voicemail, no answer, wrong number. #}
            when
                table_name = 'engagement_call'
                and (
                    lower(outcome) in (
                        '9d9162e7-6cf3-4944-bf63-4dff82258764', 'b2cf5968-551e-4856-9783-52b3da59a7d0',
                        '73a0d17f-1163-4015-bdd5-ec830791da20', '17b47fee-58de-441e-a44c-c6300d46f273'
                    )
                    or direction in (
                        'BUSY', 'CALLING_CRM_USER', 'CANCELED', 'CONNECTING', 'FAILED', 'MISSED', 'NO_ANSWER', 'QUEUED',
                        'RINGING'
                    )
                )
                then 'not_reached'
            when table_name = 'engagement_email' and direction = 'FORWARDED_EMAIL' then 'not_an_activity'
            when table_name = 'engagement_email' and outcome in ('FAILED', 'SCHEDULED', 'SENDING') then 'delivery_step'
        end as exclusion_reason,
        case
            when engagement_id is null then 'missing_engagement_id'
            when time_text is null then 'missing_time'
            when happened_at is null then 'bad_time'
            when not {{ is_plausible('happened_at') }} then 'implausible_time'
        end as rejection_reason,
        time_text,
        outcome,
        direction
    from judged
)

select * from shaped
