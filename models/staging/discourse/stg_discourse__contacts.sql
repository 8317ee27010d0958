{{ config(enabled='discourse' in var('sources')) }}

with people as (
    select * from {{ ref('stg_discourse__people') }}
),

shaped as (
    select
        'discourse' as source_system,
        'default' as tenant_id,
        email,
        github_login,
        {#- The number in the company's own sign-on may be anybody's number elsewhere, so it is not taken. #}
        cast(null as {{ dbt.type_string() }}) as user_id,
        'discourse:' || user_number as anonymous_id,
        full_name,
        cast(null as {{ dbt.type_string() }}) as job_title,     -- a title in the forum is a badge
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as company_name,
        website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        cast(null as date) as valid_from,
        rejection_reason,
        case when rejection_reason is not null then record end as record,
        'users' as table_name
    from people
)

select * from shaped
