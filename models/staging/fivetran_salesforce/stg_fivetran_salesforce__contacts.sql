{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set raw_columns = ['person_id', 'own_email', 'title', 'company_name', 'created_date'] -%}
with people as (
    select * from {{ ref('stg_fivetran_salesforce__people') }}
    where not is_deleted
),

checked as (
    select
        people.*,
        person_id = survivor_id or table_name = 'lead' as is_described,
        case
            when created_date is not null and {{ moment_of('created_date') }} is null then 'bad_created_date'
        end as rejection_reason
    from people
),

shaped as (
    select
        'fivetran_salesforce' as source_system,
        'default' as tenant_id,
        case when not {{ is_github_noreply('own_email') }} then own_email end as email,
        {{ github_noreply_login('own_email') }} as github_login,
        user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        {#- A contact that was merged away gives its address to the one that is left, and nothing else. #}
        case when is_described then full_name end as full_name,
        case when is_described then title end as job_title,
        case when is_described then account_domain end as account_domain,
        company_name,
        website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        opted_out,
        cast({{ moment_of('created_date') }} as date) as valid_from,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        table_name
    from checked
)

select * from shaped
