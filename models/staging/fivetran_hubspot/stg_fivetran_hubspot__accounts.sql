{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{%- set raw_columns = [
    'id', 'property_name', 'property_domain', 'property_website', 'property_hs_additional_domains',
    'property_hs_parent_company_id', 'property_lifecyclestage', 'property_hubspot_owner_id',
    'property_numberofemployees', 'property_industry', 'property_country', 'is_deleted', '_fivetran_deleted', 'archived',
] -%}
with companies as (
    select
        {{ cleaned_columns(raw_columns) }}
    from {{ source('fivetran_hubspot', 'company') }} as raw
),

company_domains as (
    select * from {{ ref('stg_fivetran_hubspot__company_domains') }}
),

owners as (
    select * from {{ ref('stg_fivetran_hubspot__owners') }}
),

living as (
    {#- What was deleted, or merged into another, is not delivered. #}
    select
        companies.*,
        company_domains.account_domain
    from companies
    left join company_domains on companies.id = company_domains.company_id
    where companies.id is null or company_domains.company_id = company_domains.survivor_id
),

checked as (
    select
        living.*,
        parents.account_domain as parent_domain,
        owners.owner_name,
        owners.owner_email,
        {{ try_number('living.property_numberofemployees', type_double()) }} as employees,
        case
            when living.id is null then 'missing_id'
            when coalesce(living.property_domain, living.property_website) is null then 'missing_account_domain'
            when living.account_domain is null then 'bad_account_domain'
            when
                living.property_numberofemployees is not null
                and {{ try_number('living.property_numberofemployees', type_double()) }} is null
                then 'bad_employee_count'
        end as rejection_reason
    from living
    left join company_domains as parents on living.property_hs_parent_company_id = parents.company_id
    left join owners on living.property_hubspot_owner_id = owners.owner_id
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        account_domain,
        property_name as account_name,
        property_hs_additional_domains as other_domains,
        id as crm_account_id,
        parent_domain,
        property_lifecyclestage as lifecycle_stage,
        owner_name,
        owner_email,
        cast(employees as {{ dbt.type_bigint() }}) as employee_count,
        property_industry as industry,
        property_country as country,
        cast(null as {{ dbt.type_string() }}) as territory,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'company' as table_name
    from checked
)

select * from shaped
