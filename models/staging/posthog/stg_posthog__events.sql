{{ config(enabled='posthog' in var('sources'), materialized='table') }}

{#- A table, since both activities and contacts read it: JSON is parsed once. -#}
{%- set raw_columns = [
    'uuid', 'event', 'distinct_id', 'person_id', 'timestamp', 'created_at', '_inserted_at', 'bq_ingested_timestamp',
    'properties', 'person_properties',
] -%}
{%- set property_paths = {
    'current_url': ['$current_url'],
    'host': ['$host'],
    'pathname': ['$pathname'],
    'ip': ['$ip'],
    'user_agent': ['$raw_user_agent'],
    'old_user_agent': ['$user_agent'],
    'anon_distinct_id': ['$anon_distinct_id'],
    'alias': ['alias'],
    'set': ['$set'],
    'set_once': ['$set_once'],
    'group_company': ['$groups', 'company'],
    'group_organization': ['$groups', 'organization'],
    'group_account': ['$groups', 'account'],
    'group_customer': ['$groups', 'customer'],
    'group_workspace': ['$groups', 'workspace'],
    'identified_group_type': ['$group_type'],
    'identified_group_key': ['$group_key'],
    'identified_group_domain': ['$group_set', 'domain'],
    'identified_group_website': ['$group_set', 'website'],
    'identified_group_name': ['$group_set', 'name'],
} -%}
with delivered as (
    select
        {% for column in raw_columns %}
        {{ clean_text('delivered.' ~ column) }} as {{ column }},
        {% endfor %}
        {{ json_values('delivered.properties', property_paths) }} as property_values
    from {{ source('posthog', 'events') }} as delivered
),

read_out as (
    select
        {% for column in raw_columns %}
        {{ column }},
        {% endfor %}
        {% for name in property_paths %}
        {{ clean_text(json_value('property_values', property_paths, name)) }} as property_{{ name }},
        {% endfor %}
        {{ try_timestamp('timestamp') }} as occurred_at,
        coalesce(
            {{ try_timestamp('bq_ingested_timestamp') }}, {{ try_timestamp('_inserted_at') }},
            {{ try_timestamp('created_at') }}
        ) as ingested_at,
        properties is not null and property_values is null as is_bad_json
    from delivered
),

{# What is said of the person: now ($set), for the first time, or as PostHog knew them when the event came in. #}
people as (
    select
        read_out.*,
        {{ clean_text(json_text('property_set', ['email'])) }} as set_email,
        {{ clean_text(json_text('property_set_once', ['email'])) }} as set_once_email,
        {{ clean_text(json_text('person_properties', ['email'])) }} as person_email
    from read_out
),

checked as (
    select
        people.*,
        lower(coalesce(set_email, set_once_email, person_email, {{ address_of('distinct_id') }})) as email,
        case when {{ address_of('distinct_id') }} is null then distinct_id end as user_id,
        case
            when property_group_company is not null then 'company:' || property_group_company
            when property_group_organization is not null then 'organization:' || property_group_organization
            when property_group_account is not null then 'account:' || property_group_account
            when property_group_customer is not null then 'customer:' || property_group_customer
            when property_group_workspace is not null then 'workspace:' || property_group_workspace
        end as group_ref,
        coalesce(
            property_group_company, property_group_organization, property_group_account, property_group_customer,
            property_group_workspace
        ) as group_key,
        property_identified_group_type || ':' || property_identified_group_key as identified_group_ref,
        coalesce(
            {{ domain_of('property_identified_group_domain') }}, {{ domain_of('property_identified_group_website') }},
            {{ domain_of('property_identified_group_key') }}, {{ domain_of('property_identified_group_name') }}
        ) as identified_group_domain,
        case
            when event in ('$identify', '$create_alias', '$merge_dangerously')
                then coalesce(property_anon_distinct_id, property_alias)
        end as other_distinct_id,
        case
            when uuid is null then 'missing_uuid'
            when timestamp is null then 'missing_timestamp'
            when occurred_at is null then 'bad_timestamp'
            when not {{ is_plausible('occurred_at') }} then 'implausible_timestamp'
            when event is null then 'missing_event'
            when is_bad_json then 'bad_properties_json'
        end as rejection_reason
    from people
),

recorded as (
    select
        checked.*,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record
    from checked
)

select * from recorded
