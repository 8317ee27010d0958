{{ config(enabled='usage_events' in var('sources')) }}

{#- Single events and counts differ in a few columns only; both may come as the bodies that were sent to the API. -#}
{%- set fields = [
    'activity_type', 'source', 'environment', 'user_id', 'user_id_type', 'ip_addr', 'domain', 'event_id', 'event_at',
    'product_id', 'user_agent', 'mode', 'count', 'loaded_at',
] -%}
{%- set payload_paths = {} -%}
{%- for field in fields -%}
{%- do payload_paths.update({field: [field]}) -%}
{%- endfor -%}
with raw_records as (
    {% for table in ['events', 'aggregated_events'] %}
    select
        {% for field in fields %}
        {{ clean_text('source_' ~ table ~ '.' ~ field) }} as raw_{{ field }},
        {% endfor %}
        {{ clean_text('source_' ~ table ~ '.payload') }} as payload,
        '{{ table }}' as table_name
    from {{ source('usage_events', table) }} as source_{{ table }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

unpacked as (
    select
        raw_records.*,
        {{ json_values('payload', payload_paths) }} as payload_values
    from raw_records
),

fields as (
    select
        {% for field in fields %}
        coalesce(raw_{{ field }}, {{ clean_text(json_value('payload_values', payload_paths, field)) }})
            as {{ 'counted' if field == 'count' else field }},
        {% endfor %}
        payload,
        payload_values,
        table_name
    from unpacked
),

parsed as (
    select
        fields.*,
        upper(source) as event_source,
        upper(user_id_type) as id_type,
        {{ try_epoch_or_timestamp('event_at') }} as occurred_at,
        {{ try_epoch_or_timestamp('loaded_at') }} as arrived_at,
        {{ try_number('counted', dbt.type_bigint()) }} as activity_count,
        {{ event_key('activity_type') }} as event_key,
        {#- production, prod-eu, us/live are in earnest; so is what is not said. #}
        lower(split_part(replace(replace(replace(environment, '_', '-'), '/', '-'), ' ', '-'), '-', 1)) in (
            'dev', 'develop', 'development', 'test', 'tests', 'testing', 'stage', 'staging', 'stg', 'ci', 'cicd', 'qa',
            'uat', 'local', 'localhost', 'sandbox', 'preview', 'preprod', 'preproduction', 'pre', 'nonprod',
            'nonproduction', 'non', 'demo', 'debug'
        ) as is_rehearsal
    from fields
),

event_types as (
    {{ event_types('parsed', 'usage_events') }}
),

typed as (
    select
        parsed.*,
        coalesce(event_types.activity_type, parsed.event_key) as rule_type,
        event_types.event_key is not null and event_types.activity_type is null as is_ignored,
        case when event_types.event_key is null then 'event_rules:' || parsed.event_key end as unmatched_name
    from parsed
    left join event_types on parsed.event_key = event_types.event_key
),

-- People paste the address of their page as well as the bare name.
named as (
    select
        typed.*,
        {{ host_free('user_id') }} as id_path
    from typed
),

-- What kind of id it is, as said; a user name that is an address is read as one.
identified as (
    select
        named.*,
        case
            when id_type = 'EMAIL' then {{ unhashed_nothing('lower(user_id)') }}
            when coalesce(id_type, 'USERNAME') = 'USERNAME' and user_id like '%_@_%._%' then lower(user_id)
        end as address,
        case when id_type = 'GITHUB' then lower({{ clean_text("replace(split_part(id_path, '/', 1), '@', '')") }}) end
            as login,
        case
            when id_type = 'LINKEDIN' and (id_path like 'in/%' or id_path like 'pub/%')
                then 'linkedin:' || lower(split_part(id_path, '/', 2))
            when id_type = 'LINKEDIN' then 'linkedin:' || lower(split_part(id_path, '/', 1))
            when id_type = 'SOCIAL' then 'social:' || lower(user_id)
            when coalesce(id_type, 'USERNAME') = 'USERNAME' then user_id
        end as other_id
    from named
),

checked as (
    select
        identified.*,
        case
            when payload is not null and payload_values is null then 'bad_payload_json'
            when event_at is null then 'missing_event_at'
            when occurred_at is null then 'bad_event_at'
            when not {{ is_plausible('occurred_at') }} then 'implausible_event_at'
            when activity_type is null then 'missing_activity_type'
            when event_source is null then 'missing_source'
            when event_source not in ('TELEMETRY', 'SAAS_PRODUCT', 'PRODUCT_CLOUD') then 'unknown_source'
            when
                id_type is not null
                and user_id is not null
                and id_type not in ('EMAIL', 'GITHUB', 'USERNAME', 'LINKEDIN', 'SOCIAL')
                then 'unknown_user_id_type'
            when counted is not null and coalesce(activity_count, 0) < 1 then 'bad_count'
            when table_name = 'aggregated_events' and counted is null then 'missing_count'
        end as rejection_reason
    from identified
),

shaped as (
    select
        'usage_events' as source_system,
        'default' as tenant_id,
        {#- The id is optional. Without one equal records are one event. #}
        table_name || ':' || coalesce(
            event_id,
            md5(
                coalesce(event_at, '') || '|' || coalesce(activity_type, '') || '|' || coalesce(source, '') || '|'
                || coalesce(environment, '') || '|' || coalesce(user_id, '') || '|' || coalesce(ip_addr, '') || '|'
                || coalesce(domain, '') || '|' || coalesce(product_id, '') || '|' || coalesce(user_agent, '') || '|'
                || coalesce(counted, '')
            )
        ) as activity_id,
        occurred_at,
        coalesce(arrived_at, occurred_at) as loaded_at,
        rule_type as activity_type,
        case when not {{ is_github_noreply('address') }} then address end as email,
        case when not {{ is_github_noreply('address') }} then {{ email_domain('address') }} end as email_domain,
        coalesce({{ github_noreply_login('address') }}, login) as github_login,
        case when address is null then other_id end as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        cast(null as {{ dbt.type_string() }}) as display_name,
        {{ domain_of('domain') }} as account_domain,
        cast(null as {{ dbt.type_string() }}) as url,
        {{ is_bot_user_agent('user_agent') }} as is_bot,
        coalesce(activity_count, 1) as activity_count,
        case
            when rejection_reason is not null then null
            when is_rehearsal then 'non_production'
            when is_ignored then 'ignored_event'
        end as exclusion_reason,
        rejection_reason,
        case
            when rejection_reason is not null
                then {{ record_json([
                    'activity_type', 'source', 'environment', 'user_id', 'user_id_type', 'domain', 'event_id',
                    'event_at', 'product_id', 'mode', 'counted', 'payload',
                ]) }}
        end as record,
        table_name,
        unmatched_name,
        ip_addr as ip_address
    from checked
)

select * from shaped
