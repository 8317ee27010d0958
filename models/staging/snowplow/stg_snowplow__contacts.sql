{{ config(enabled='snowplow' in var('sources')) }}

with events as (
    select * from {{ ref('stg_snowplow__events') }}
),

shaped as (
    select
        'snowplow' as source_system,
        'default' as tenant_id,
        email,
        cast(null as {{ dbt.type_string() }}) as github_login,
        case when {{ address_of('known_user_id') }} is null then known_user_id end as user_id,
        anonymous_id,
        cast(null as {{ dbt.type_string() }}) as full_name,
        cast(null as {{ dbt.type_string() }}) as job_title,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as company_name,
        cast(null as {{ dbt.type_string() }}) as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        cast(occurred_at as date) as valid_from,
        cast(null as {{ dbt.type_string() }}) as rejection_reason,
        cast(null as {{ dbt.type_string() }}) as record,
        'events' as table_name
    from events
    where
        name = 'identify'
        and rejection_reason is null
        and coalesce(email, known_user_id, anonymous_id) is not null
)

select * from shaped
