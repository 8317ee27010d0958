{{ config(enabled='snowplow' in var('sources')) }}

{%- set raw_columns = [
    'event_id', 'event', 'event_name', 'platform', 'derived_tstamp', 'collector_tstamp', 'etl_tstamp', 'load_tstamp',
    'user_id', 'domain_userid', 'network_userid', 'page_url', 'page_urlhost', 'page_urlpath', 'se_category',
    'se_action', 'useragent', 'br_family', 'br_type', 'unstruct_event', 'contexts', 'derived_contexts',
] -%}
{#- The ways in which the enrichments and the tracker say of a sender that it is a program. -#}
{%- set says_program -%}
'"spider_?or_?robot" *: *"?true|"bot" *: *"?true|"(device|agent)_?class" *: *"robot|"device_?family" *: *"spider"'
{%- endset -%}
{#- A form with a field for what is looked for. -#}
{%- set searches = "'\"type\" *: *\"search\"|\"name\" *: *\"(q|s|query|search)\"'" -%}
{#- As many fields of a form as are looked at for an address. -#}
{%- set fields = range(20) -%}
{%- set event_paths = {'email': ['email'], 'id': ['id'], 'form_id': ['formId'], 'snake_form_id': ['form_id']} -%}
{%- set form_paths = {} -%}
{%- for field in fields -%}
{%- for part in ['name', 'type', 'value'] -%}
{%- do form_paths.update({part ~ '_' ~ field: ['elements', field, part]}) -%}
{%- endfor -%}
{%- endfor -%}
with delivered as (
    select
        {% for column in raw_columns %}
        {{ clean_text('delivered.' ~ column) }} as {{ column }},
        {% endfor %}
        {{ clean_text('delivered.user_ipaddress') }} as user_ipaddress,
        {{ json_text('delivered.unstruct_event', ['data', 'schema']) }} as event_schema,
        coalesce(
            {{ json_text('delivered.unstruct_event', ['data', 'data']) }},
            {{ self_describing(snowplow_columns('events')) }}
        ) as event_data,
        {{ self_describing(snowplow_columns('users')) }} as user_data,
        {{ self_describing(snowplow_columns('sessions')) }} as session_data,
        {% for column in ['contexts', 'derived_contexts'] + snowplow_columns('programs') %}
        coalesce({{ regex_matches('delivered.' ~ column, says_program) }}, false)
        or
        {% endfor %}
        {#- Of the parser of pipelines before 2018. #}
        coalesce(lower(delivered.br_type) like '%robot%' or lower(delivered.br_family) like '%robot%', false)
        or {{ is_bot_user_agent('delivered.useragent') }} as is_bot
    from {{ source('snowplow', 'events') }} as delivered
),

read_out as (
    select
        delivered.*,
        {{ json_values('event_data', event_paths) }} as event_values,
        case
            when coalesce(event_name, event_schema) like '%submit_form%'
                then {{ json_values('event_data', form_paths) }}
        end as form_values,
        {#- Of the whole list of contexts: what all that say something say alike. #}
        coalesce(
            {{ json_text('user_data', ['email']) }},
            case when contexts like '%"email"%' then {{ json_only_text('contexts', ['data'], ['data', 'email']) }} end,
            case
                when derived_contexts like '%"email"%'
                    then {{ json_only_text('derived_contexts', ['data'], ['data', 'email']) }}
            end
        ) as user_email,
        coalesce(
            {{ json_text('session_data', ['userId']) }},
            {{ json_text('session_data', ['user_id']) }},
            case
                when contexts like '%/client_session/%'
                    then {{ json_only_text('contexts', ['data'], ['data', 'userId']) }}
            end
        ) as device_id,
        {{ try_timestamp('derived_tstamp') }} as derived_at,
        {{ try_timestamp('collector_tstamp') }} as collected_at,
        {{ try_timestamp('etl_tstamp') }} as enriched_at,
        {{ try_timestamp('load_tstamp') }} as written_at
    from delivered
),

{# The addresses that were written into the fields of a form, by their names or types. #}
forms as (
    select
        read_out.*,
        {% for field in fields %}
        {%- set name = json_value('form_values', form_paths, 'name_' ~ field) %}
        {%- set type = json_value('form_values', form_paths, 'type_' ~ field) %}
        case
            when lower({{ type }}) = 'email' or lower({{ name }}) like '%mail%'
                then {{ address_or_hash(clean_text(json_value('form_values', form_paths, 'value_' ~ field))) }}
        end as address_{{ field }},
        {% endfor %}
        {{ clean_text(json_value('event_values', event_paths, 'id')) }} as stated_id,
        {{ clean_text(json_value('event_values', event_paths, 'email')) }} as stated_address,
        coalesce(
            {{ clean_text(json_value('event_values', event_paths, 'form_id')) }},
            {{ clean_text(json_value('event_values', event_paths, 'snake_form_id')) }}
        ) as form_id
    from read_out
),

named as (
    select
        forms.*,
        coalesce(event_name, {{ clean_text("split_part(event_schema, '/', 2)") }}, nullif(event, 'unstruct')) as name,
        coalesce(event_name, event) in ('event', 'struct') and coalesce(event, 'struct') = 'struct' as is_structured,
        coalesce(
            {% for field in fields %}
            address_{{ field }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as first_address,
        coalesce(
            {% for field in fields | reverse %}
            address_{{ field }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as last_address
    from forms
),

identified as (
    select
        named.*,
        coalesce(user_id, case when name = 'identify' then stated_id end) as known_user_id,
        {#- All zeros: the sender asked not to be known. A server sends no cookie and gets a new id every time. #}
        coalesce(
            {{ nonzero_id('domain_userid') }},
            {{ nonzero_id(clean_text('device_id')) }},
            case when coalesce(platform, 'web') in ('web', 'mob') then {{ nonzero_id('network_userid') }} end
        ) as anonymous_id,
        {#- Two addresses in one form: whose is whose, the form does not say. #}
        coalesce(
            {{ address_or_hash('stated_address') }},
            case when first_address = last_address then first_address end
        ) as stated_email
    from named
),

timed as (
    select
        identified.*,
        coalesce(
            {{ address_or_hash(clean_text('user_email')) }},
            case when name = 'identify' then stated_email end,
            {{ address_of('known_user_id') }}
        ) as email,
        {#- Worked out from two readings of the sender's clock, it goes wrong where the clock was set in between. #}
        coalesce(
            case
                when
                    {{ is_plausible('derived_at') }}
                    and coalesce(derived_at <= {{ dbt.dateadd('day', 1, 'collected_at') }}, true)
                    then derived_at
            end,
            case when {{ is_plausible('collected_at') }} then collected_at end,
            derived_at,
            collected_at
        ) as occurred_at,
        coalesce(
            case when {{ is_plausible('written_at') }} then written_at end,
            case when {{ is_plausible('enriched_at') }} then enriched_at end,
            case when {{ is_plausible('collected_at') }} then collected_at end
        ) as arrived_at,
        case
            when name = 'page_view' then null
            when is_structured then {{ event_key("coalesce(se_category || '_', '') || se_action") }}
            when name = 'submit_form' and {{ regex_matches('event_data', searches) }} then 'submit_form_search'
            when name = 'submit_form' then 'submit_form' || coalesce('_' || {{ event_key('form_id') }}, '')
            else {{ event_key('name') }}
        end as stated_key,
        case when is_structured then {{ event_key('se_action') }} end as action_key,
        {{ page_keys(
            'page_url',
            path="coalesce(page_urlpath, case when page_url is null and page_urlhost is not null then '/' end)",
            host='page_urlhost'
        ) }}
    from identified
),

checked as (
    select
        timed.*,
        case
            when event_id is null then 'missing_event_id'
            when coalesce(derived_tstamp, collector_tstamp) is null then 'missing_timestamp'
            when occurred_at is null then 'bad_timestamp'
            when not {{ is_plausible('occurred_at') }} then 'implausible_timestamp'
            when coalesce(name, '') <> 'page_view' and stated_key is null then 'missing_event'
        end as rejection_reason
    from timed
),

shaped as (
    select
        event_id,
        occurred_at,
        arrived_at,
        name,
        stated_key,
        action_key,
        page_url,
        page_host,
        page_path,
        email,
        stated_email,
        user_id,
        known_user_id,
        anonymous_id,
        is_bot,
        user_ipaddress,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record
    from checked
)

select * from shaped
