{{ config(enabled='scarf' in var('sources')) }}

{%- set raw_columns = [
    'id', 'type', 'package', 'pixel', 'version', 'time', 'referer', 'user_agent', 'platform', 'variables', 'origin_id',
    'origin_country', 'origin_connection_type', 'origin_company', 'origin_domain', 'dnt', 'confidence', 'endpoint_id',
    'mtc_quota_exceeded',
] -%}
with events as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source_events.' ~ column) }} as {{ column }},
        {% endfor %}
        'events' as table_name
    from {{ source('scarf', 'events') }} as source_events
),

-- An event without a type is what it names: a pixel was seen or a package fetched.
kinds as (
    select
        events.*,
        coalesce(
            type,
            case
                when pixel is not null then 'pixel-fetch'
                when
                    package is not null
                    and {{ regex_matches('user_agent', "'^(docker|containerd|cri-o)/|podman|skopeo|buildkit'") }}
                    then 'manifest-fetch'
                when package is not null then 'binary-download'
            end
        ) as kind
    from events
),

parsed as (
    select
        kinds.*,
        {{ try_epoch_or_timestamp("replace(time, ' UTC', 'Z')") }} as occurred_at,
        {{ try_number('confidence', type_double()) }} as confidence_number,
        {{ try_boolean('dnt') }} as is_do_not_track,
        {{ try_boolean('mtc_quota_exceeded') }} as is_quota_exceeded,
        {{ event_key('kind') }} as event_key,
        {#- Only a pixel says with its referer which page was looked at. #}
        kind like 'pixel%' as is_page_view,
        case when kind like 'pixel%' then coalesce({{ host_of('referer') }}, '') else '' end as page_host,
        case when kind like 'pixel%' and referer is not null then {{ path_key(url_path('referer')) }} else '' end
            as page_path
    from kinds
),

page_types as (
    {{ page_types('parsed') }}
),

event_types as (
    {{ event_types('parsed', 'scarf') }}
),

typed as (
    select
        parsed.*,
        {{ web_activity_type('parsed') }} as activity_type,
        {{ web_exclusion_reason() }} as rule_exclusion,
        {{ web_unmatched_name('parsed') }} as unmatched_name
    from parsed
    {{ join_web_types('parsed') }}
),

checked as (
    select
        typed.*,
        case
            when id is null then 'missing_id'
            when time is null then 'missing_time'
            when occurred_at is null then 'bad_time'
            when not {{ is_plausible('occurred_at') }} then 'implausible_time'
            when event_key is null then 'missing_type'
            when dnt is not null and is_do_not_track is null then 'bad_dnt'
            when confidence is not null and coalesce(confidence_number not between 0 and 100, true)
                then 'bad_confidence'
        end as rejection_reason
    from typed
),

shaped as (
    select
        'scarf' as source_system,
        'default' as tenant_id,
        id as activity_id,
        occurred_at,
        occurred_at as loaded_at,       -- the export does not say when a record was delivered
        activity_type,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        {#-
            origin_id is a salted hash of the network address and the program that asked: one person has several and
            one build server is not a person. So nobody is named; what is known is the company.
        #}
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        cast(null as {{ dbt.type_string() }}) as display_name,
        case when not coalesce(is_do_not_track, false) then {{ domain_of('origin_domain') }} end as account_domain,
        case when is_page_view and not coalesce(is_do_not_track, false) then referer end as url,
        {{ is_bot_user_agent('user_agent') }} as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case
            when rejection_reason is not null then null
            when is_do_not_track then 'do_not_track'
            when rule_exclusion is not null then rule_exclusion
            when origin_domain is null and is_quota_exceeded then 'company_quota_exceeded'
        end as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        table_name,
        {#- A probability, or percent; without it as much as a web site on a person's profile says. #}
        case
            when origin_domain is null or coalesce(is_do_not_track, false) then null
            when confidence_number > 1 then confidence_number / 100
            else coalesce(confidence_number, 0.5)
        end as account_domain_confidence,
        unmatched_name
    from checked
)

select * from shaped
