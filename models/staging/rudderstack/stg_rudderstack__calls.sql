{{ config(enabled='rudderstack' in var('sources')) }}

{%- set columns = ['type', 'name', 'timestamp', 'user_id', 'anonymous_id', 'properties', 'context', 'message_id',
    'received_at', 'original_timestamp'] -%}
{%- set property_paths = {'url': ['url'], 'path': ['path'], 'group_id': ['group_id'], 'groupId': ['groupId']} -%}
{%- set context_paths = {
    'page_url': ['page', 'url'], 'page_path': ['page', 'path'], 'email': ['traits', 'email'], 'group_id': ['groupId'],
    'user_agent': ['userAgent'], 'ip': ['ip'],
} -%}
with exported as (
    select
        {% for column in columns %}
        {{ clean_text('delivered.' ~ column) }} as {{ column }},
        {% endfor %}
        {{ json_values('delivered.properties', property_paths) }} as property_values,
        {{ json_values('delivered.context', context_paths) }} as context_values
    from {{ source('rudderstack', 'events') }} as delivered
),

{# The export form: the same calls with properties and context as JSON, and often without ids and arrival times. #}
exported_calls as (
    select
        coalesce(
            message_id,
            md5(
                coalesce(timestamp, '') || '|' || coalesce(type, '') || '|' || coalesce(name, '') || '|'
                || coalesce(user_id, '') || '|' || coalesce(anonymous_id, '') || '|' || coalesce(properties, '')
            )
        ) as id,
        user_id,
        anonymous_id,
        name as event,
        cast(null as {{ dbt.type_string() }}) as event_text,
        name,
        {{ clean_text(json_value('property_values', property_paths, 'url')) }} as url,
        {{ clean_text(json_value('property_values', property_paths, 'path')) }} as path,
        {{ clean_text(json_value('context_values', context_paths, 'page_url')) }} as context_page_url,
        {{ clean_text(json_value('context_values', context_paths, 'page_path')) }} as context_page_path,
        coalesce(
            {{ clean_text(json_value('property_values', property_paths, 'group_id')) }},
            {{ clean_text(json_value('property_values', property_paths, 'groupId')) }},
            {{ clean_text(json_value('context_values', context_paths, 'group_id')) }}
        ) as context_group_id,
        {{ clean_text(json_value('context_values', context_paths, 'email')) }} as context_traits_email,
        {{ clean_text(json_value('context_values', context_paths, 'user_agent')) }} as context_user_agent,
        cast(null as {{ dbt.type_string() }}) as context_is_bot,
        timestamp,
        original_timestamp,
        received_at,
        cast(null as {{ dbt.type_string() }}) as loaded_at,
        cast(null as {{ dbt.type_string() }}) as uuid_ts,
        type,
        message_id,
        properties,
        context,
        {{ clean_text(json_value('context_values', context_paths, 'ip')) }} as context_ip,
        'events' as table_name
    from exported
),

calls as (
    {{ segment_pages('rudderstack') }}
    union all
    {{ segment_tracks('rudderstack') }}
    union all
    select * from exported_calls
)

select * from calls
