{{ config(enabled='snowplow' in var('sources')) }}

with events as (
    select * from {{ ref('stg_snowplow__events') }}
),

page_types as (
    {{ page_types('events') }}
),

event_keys as (
    select stated_key as event_key from events
    union
    select action_key as event_key from events
),

event_types as (
    {{ event_types('event_keys', 'snowplow') }}
),

{# A structured event goes by its category and action; where no rule knows the two together, by its action. #}
keyed as (
    select
        events.*,
        case
            when stated_types.event_key is null and action_types.event_key is not null then events.action_key
            else events.stated_key
        end as event_key
    from events
    left join event_types as stated_types on events.stated_key = stated_types.event_key
    left join event_types as action_types on events.action_key = action_types.event_key
),

typed as (
    select
        keyed.*,
        {{ web_activity_type('keyed') }} as activity_type,
        {{ web_exclusion_reason() }} as exclusion_reason,
        {{ web_unmatched_name('keyed') }} as unmatched_name
    from keyed
    {{ join_web_types('keyed') }}
),

{#
    An address that an event states is the sender's own at sign-up, and while nobody knows them by another id; later it
    may be that of somebody who is added, and in an invitation it always is.
#}
identified as (
    select
        typed.*,
        coalesce(
            email,
            case
                when activity_type = 'signup' then stated_email
                when user_id is null and not {{ regex_matches('stated_key', "'invit|refer|share|friend|colleague'") }}
                    then stated_email
            end
        ) as known_email
    from typed
),

shaped as (
    select
        'snowplow' as source_system,
        'default' as tenant_id,
        event_id as activity_id,
        occurred_at,
        coalesce(arrived_at, occurred_at) as loaded_at,
        activity_type,
        known_email as email,
        {{ email_domain('known_email') }} as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        case when {{ address_of('known_user_id') }} is null then known_user_id end as user_id,
        anonymous_id,
        cast(null as {{ dbt.type_string() }}) as display_name,
        {#- ip_domain is whose network it was, which is the provider's more often than the company's. #}
        cast(null as {{ dbt.type_string() }}) as account_domain,
        {{ url_without_query('page_url') }} as url,
        is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when rejection_reason is null then exclusion_reason end as exclusion_reason,
        rejection_reason,
        record,
        'events' as table_name,
        unmatched_name,
        user_ipaddress as ip_address
    from identified
)

select * from shaped
