{{ config(enabled='stackexchange' in var('sources')) }}

{%- set raw_columns = ['id', 'displayname', 'websiteurl', 'aboutme', 'accountid', 'site'] -%}
with users as (
    select
        {{ cleaned_columns(raw_columns, prefix='raw_') }}
    from {{ source('stackexchange', 'Users') }} as raw
),

checked as (
    select
        users.*,
        case when raw_id is null then 'missing_id' end as rejection_reason
    from users
),

shaped as (
    select
        'stackexchange' as source_system,
        'default' as tenant_id,
        cast(null as {{ dbt.type_string() }}) as email,
        {{ github_login_in("coalesce(raw_websiteurl, '') || ' ' || coalesce(raw_aboutme, '')") }} as github_login,
        {#- One person on all sites. #}
        case when raw_accountid not like '-%' then 'stackexchange:' || raw_accountid end as user_id,
        'stackexchange:' || coalesce(lower(raw_site) || ':', '') || raw_id as anonymous_id,
        raw_displayname as full_name,
        cast(null as {{ dbt.type_string() }}) as job_title,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as company_name,
        {{ own_website('raw_websiteurl') }} as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        cast(null as date) as valid_from,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns, prefix='raw_') }} end as record,
        'Users' as table_name
    from checked
)

select * from shaped
