{{ config(enabled='posthog' in var('sources')) }}

with events as (
    select * from {{ ref('stg_posthog__events') }}
),

run as (
    select * from {{ ref('int_run') }}
),

read_out as (
    select
        events.*,
        coalesce(property_current_url, property_host || coalesce(property_pathname, '')) as page_url,
        {{ event_key('event') }} as event_key
    from events
),

located as (
    select
        read_out.*,
        {{ page_keys('page_url', path='property_pathname') }}
    from read_out
),

page_types as (
    {{ page_types('located') }}
),

event_types as (
    {{ event_types('located', 'posthog') }}
),

{# The domain of a group is that of the first $groupidentify that tells one. #}
group_calls as (
    select
        events.identified_group_ref,
        events.identified_group_domain,
        row_number() over (
            partition by events.identified_group_ref
            order by events.occurred_at, events.identified_group_domain
        ) as call_order
    from events
    cross join run
    where
        events.event = '$groupidentify'
        and events.rejection_reason is null
        and events.identified_group_ref is not null
        and events.identified_group_domain is not null
        and {{ to_day('events.occurred_at') }} <= run.as_of_day
),

group_domains as (
    select
        identified_group_ref,
        identified_group_domain
    from group_calls
    where call_order = 1
),

shaped as (
    select
        'posthog' as source_system,
        'default' as tenant_id,
        located.uuid as activity_id,
        located.occurred_at,
        case
            when {{ is_plausible('located.ingested_at') }} then located.ingested_at
            else located.occurred_at
        end as loaded_at,
        {{ web_activity_type('located') }} as activity_type,
        located.email,
        {{ email_domain('located.email') }} as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        located.user_id,
        {#- All distinct ids of one person share PostHog's person. #}
        located.person_id as anonymous_id,
        cast(null as {{ dbt.type_string() }}) as display_name,
        coalesce(group_domains.identified_group_domain, {{ domain_of('located.group_key') }}) as account_domain,
        {{ url_without_query('located.page_url') }} as url,
        {{ is_bot_user_agent('coalesce(located.property_user_agent, located.property_old_user_agent)') }} as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when located.rejection_reason is null then {{ web_exclusion_reason() }} end as exclusion_reason,
        located.rejection_reason,
        located.record,
        'events' as table_name,
        {{ web_unmatched_name('located') }} as unmatched_name,
        located.property_ip as ip_address
    from located
    {{ join_web_types('located') }}
    left join group_domains on located.group_ref = group_domains.identified_group_ref
)

select * from shaped
