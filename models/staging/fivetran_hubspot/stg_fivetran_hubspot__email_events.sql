{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{%- set raw_columns = [
    'id', 'type', 'created', 'recipient', 'filtered_event', 'email_campaign_id', 'obsoleted_by_id', '_fivetran_synced',
] -%}
with events as (
    select
        {{ cleaned_columns(raw_columns) }}
    from {{ source('fivetran_hubspot', 'email_event') }} as raw
),

clicks as (
    select
        {{ clean_text('id') }} as id,
        max({{ clean_text('url') }}) as url
    from {{ source('fivetran_hubspot', 'email_event_click') }}
    group by {{ clean_text('id') }}
),

status_changes as (
    select
        {{ clean_text('id') }} as id,
        max(upper({{ clean_text('portal_subscription_status') }})) as portal_subscription_status,
        max(upper({{ clean_text('source') }})) as change_source
    from {{ source('fivetran_hubspot', 'email_event_status_change') }}
    group by {{ clean_text('id') }}
),

typed as (
    select
        events.*,
        {{ moment_of('events.created') }} as occurred_at,
        {{ moment_of('events._fivetran_synced') }} as synced_at,
        upper(events.type) as event_type,
        lower(events.recipient) as address,
        {{ is_true('events.filtered_event') }} as is_filtered,
        case when lower(clicks.url) like 'http%' then clicks.url end as url,
        status_changes.portal_subscription_status,
        status_changes.change_source
    from events
    left join clicks on events.id = clicks.id
    left join status_changes on events.id = status_changes.id
),

named as (
    select
        typed.*,
        case
            when event_type = 'DELIVERED' then 'email_delivered'
            when event_type in ('OPEN', 'PRINT', 'FORWARD') then 'email_opened'   -- who prints it has it open
            when event_type = 'CLICK' then 'email_clicked'
            when event_type = 'REPLY' then 'email_replied'
            when event_type = 'BOUNCE' then 'email_bounced'
            when event_type = 'SPAMREPORT' then 'email_unsubscribed'                -- says no in the strongest way
            when event_type = 'STATUSCHANGE' then 'email_unsubscribed'
            else 'email_' || lower(event_type)
        end as activity_type,
        case
            {#- The steps of our own sending say nothing of the person. #}
            when event_type in ('SENT', 'PROCESSED', 'DEFERRED', 'DROPPED', 'SUPPRESSED', 'SUPPRESSION', 'UNBOUNCE')
                then 'delivery_step'
            {#- A status also changes by subscribing, by a bounce and by our own hand. #}
            when
                event_type = 'STATUSCHANGE'
                and (
                    coalesce(portal_subscription_status, '') <> 'UNSUBSCRIBED'
                    or change_source in ('SOURCE_HUBSPOT_CUSTOMER', 'SOURCE_HUBSPOT', 'SOURCE_BOUNCED', 'SOURCE_IMPORT')
                )
                then 'not_an_activity'
            {#- Left out of the CRM's own reports: its own people, and machines that open mail. #}
            when is_filtered then 'filtered_event'
        end as event_exclusion,
        case
            when id is null then 'missing_id'
            when event_type is null then 'missing_type'
            when created is null then 'missing_created'
            when occurred_at is null then 'bad_created'
            when not {{ is_plausible('occurred_at') }} then 'implausible_created'
        end as rejection_reason
    from typed
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        {#- An event is its id and its time; the time is written alike whatever its notation. #}
        'email:' || id || '@'
        || replace(substring(cast(occurred_at as {{ dbt.type_string() }}), 1, 19), ' ', 'T') as activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        activity_type,
        case when not {{ is_github_noreply('address') }} then address end as email,
        case when not {{ is_github_noreply('address') }} then {{ email_domain('address') }} end as email_domain,
        {{ github_noreply_login('address') }} as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        cast(null as {{ dbt.type_string() }}) as display_name,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        url,
        false as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when rejection_reason is null then event_exclusion end as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'email_event' as table_name,
        cast(null as {{ dbt.type_string() }}) as unmatched_name
    from named
)

select * from shaped
