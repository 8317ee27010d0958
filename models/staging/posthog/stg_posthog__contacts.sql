{{ config(enabled='posthog' in var('sources')) }}

{%- set person_columns = ['distinct_id', 'person_id', 'properties', 'person_version', 'person_distinct_id_version',
    'created_at', 'is_deleted'] -%}
{#- Each trait with the names people give it. -#}
{%- set traits = {
    'email': ['email'],
    'name': ['name'],
    'first_name': ['first_name', 'firstName'],
    'last_name': ['last_name', 'lastName'],
    'title': ['title', 'job_title', 'jobTitle'],
    'company': ['company_name', 'companyName', 'company'],
    'company_domain': ['company_domain', 'companyDomain'],
    'company_website': ['company_website', 'companyWebsite'],
    'website': ['website'],
    'github_login': ['github_login', 'github_username', 'githubUsername'],
} -%}
{%- set trait_paths = paths_of(traits) -%}
with events as (
    select * from {{ ref('stg_posthog__events') }}
),

delivered_persons as (
    select
        {% for column in person_columns %}
        {{ clean_text('delivered.' ~ column) }} as {{ column }},
        {% endfor %}
        coalesce({{ try_boolean(clean_text('delivered.is_deleted')) }}, false) as is_gone
    from {{ source('posthog', 'persons') }} as delivered
),

{# A person is delivered again whenever something changes: the latest version holds. #}
ranked_persons as (
    select
        delivered_persons.*,
        row_number() over (
            partition by distinct_id
            order by
                coalesce({{ try_number('person_distinct_id_version', dbt.type_bigint()) }}, -1) desc,
                coalesce({{ try_number('person_version', dbt.type_bigint()) }}, -1) desc,
                person_id asc,
                properties asc
        ) as version_rank
    from delivered_persons
),

persons as (
    select
        distinct_id,
        person_id,
        properties,
        cast(null as {{ dbt.type_string() }}) as known_email,
        cast(null as timestamp) as said_at,
        case when distinct_id is null then 'missing_distinct_id' end as id_fault,
        'persons' as table_name
    from ranked_persons
    where (version_rank = 1 or distinct_id is null) and not is_gone
),

{# Who somebody is, and events that tell more of them in passing. #}
identity_events as (
    select * from events
    where
        rejection_reason is null
        and distinct_id is not null
        and (other_distinct_id is not null or coalesce(property_set, property_set_once) is not null)
),

identified as (
    select
        distinct_id,
        coalesce(other_distinct_id, person_id) as person_id,
        coalesce(property_set, property_set_once) as properties,
        email as known_email,
        occurred_at as said_at,
        cast(null as {{ dbt.type_string() }}) as id_fault,
        'events' as table_name
    from identity_events
),

{# The other id was a distinct id in its time: a row with it as both kinds ties the two together. #}
former_ids as (
    select
        other_distinct_id as distinct_id,
        other_distinct_id as person_id,
        cast(null as {{ dbt.type_string() }}) as properties,
        cast(null as {{ dbt.type_string() }}) as known_email,
        occurred_at as said_at,
        cast(null as {{ dbt.type_string() }}) as id_fault,
        'events' as table_name
    from identity_events
    where other_distinct_id is not null
),

people as (
    select * from persons
    union all
    select * from identified
    union all
    select * from former_ids
),

parsed as (
    select
        people.*,
        {{ json_values('properties', trait_paths) }} as trait_values
    from people
),

read_out as (
    select
        parsed.*,
        {% for name, spellings in traits.items() %}
        {{ first_json_value('trait_values', trait_paths, spellings) }} as trait_{{ name }},
        {% endfor %}
        case when properties is not null and trait_values is null then 'bad_properties_json' end as json_fault
    from parsed
),

shaped as (
    select
        'posthog' as source_system,
        'default' as tenant_id,
        lower(coalesce(trait_email, known_email, {{ address_of('distinct_id') }})) as email,
        lower(trait_github_login) as github_login,
        case when {{ address_of('distinct_id') }} is null then distinct_id end as user_id,
        person_id as anonymous_id,
        coalesce(
            trait_name,
            {{ clean_text("coalesce(trait_first_name, '') || ' ' || coalesce(trait_last_name, '')") }}
        ) as full_name,
        trait_title as job_title,
        coalesce(
            {{ domain_of('trait_company_domain') }}, {{ domain_of('trait_company_website') }},
            {{ domain_of('trait_company') }}
        ) as account_domain,
        case
            when {{ domain_of('trait_company') }} is null and left(trait_company, 1) <> '{' then trait_company
        end as company_name,
        {{ host_of('trait_website') }} as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        case when {{ is_plausible('said_at') }} then cast(said_at as date) end as valid_from,
        coalesce(id_fault, json_fault) as rejection_reason,
        case
            when coalesce(id_fault, json_fault) is not null
                then {{ record_json(['distinct_id', 'person_id', 'properties']) }}
        end as record,
        table_name
    from read_out
)

select * from shaped
