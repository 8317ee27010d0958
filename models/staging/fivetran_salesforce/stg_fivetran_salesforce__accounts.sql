{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set raw_columns = [
    'id', 'name', 'website', 'type', 'owner_id', 'parent_id', 'number_of_employees', 'industry', 'billing_country',
    'is_deleted', 'master_record_id', '_fivetran_deleted', '_fivetran_active',
] -%}
with accounts as (
    select
        {{ salesforce_columns(raw_columns) }}
    from {{ source('fivetran_salesforce', 'account') }} as raw
),

account_domains as (
    select * from {{ ref('stg_fivetran_salesforce__account_domains') }}
),

owners as (
    select * from {{ ref('stg_fivetran_salesforce__owners') }}
),

merged_domains as (
    {#- The web sites of accounts that were merged into one are further domains of it. #}
    select
        survivor_id,
        {{ dbt.listagg('own_domain', "';'", 'order by own_domain') }} as other_domains
    from account_domains
    where account_id <> survivor_id and own_domain is not null
    group by survivor_id
),

living as (
    select
        accounts.*,
        account_domains.account_domain
    from accounts
    left join account_domains on accounts.id = account_domains.account_id
    where
        coalesce({{ try_boolean('accounts._fivetran_active') }}, true)
        and (accounts.id is null or account_domains.account_id = account_domains.survivor_id)
),

checked as (
    select
        living.*,
        merged_domains.other_domains,
        parents.account_domain as parent_domain,
        owners.owner_name,
        owners.owner_email,
        {{ try_number('living.number_of_employees', type_double()) }} as employees,
        case
            when living.id is null then 'missing_id'
            when living.website is null then 'missing_website'
            when living.account_domain is null then 'bad_website'
            when
                living.number_of_employees is not null
                and {{ try_number('living.number_of_employees', type_double()) }} is null
                then 'bad_number_of_employees'
        end as rejection_reason
    from living
    left join merged_domains on living.id = merged_domains.survivor_id
    left join account_domains as parents on living.parent_id = parents.account_id
    left join owners on living.owner_id = owners.owner_id
),

shaped as (
    select
        'fivetran_salesforce' as source_system,
        'default' as tenant_id,
        account_domain,
        name as account_name,
        other_domains,
        id as crm_account_id,
        parent_domain,
        type as lifecycle_stage,
        owner_name,
        owner_email,
        cast(employees as {{ dbt.type_bigint() }}) as employee_count,
        industry,
        billing_country as country,
        cast(null as {{ dbt.type_string() }}) as territory,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'account' as table_name
    from checked
)

select * from shaped
