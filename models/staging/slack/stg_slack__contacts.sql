{{ config(enabled='slack' in var('sources')) }}

with people as (
    select * from {{ ref('stg_slack__people') }}
),

shaped as (
    select
        'slack' as source_system,
        'default' as tenant_id,
        email,
        github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        'slack:' || member_id as anonymous_id,
        full_name,
        job_title,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as company_name,
        cast(null as {{ dbt.type_string() }}) as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        cast(null as date) as valid_from,
        rejection_reason,
        record,
        'members' as table_name
    from people
)

select * from shaped
