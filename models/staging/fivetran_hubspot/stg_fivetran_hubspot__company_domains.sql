{{ config(enabled='fivetran_hubspot' in var('sources')) }}

with companies as (
    select
        {{ clean_text('id') }} as company_id,
        coalesce({{ domain_of('property_domain') }}, {{ domain_of('property_website') }}) as account_domain,
        {{ clean_text('property_hs_merged_object_ids') }} as merged_ids
    from {{ source('fivetran_hubspot', 'company') }}
    where not {{ is_true('is_deleted') }} and not {{ is_true('_fivetran_deleted') }} and not {{ is_true('archived') }}
),

merged as (
    {#- A company that was merged into another stands for that other one from then on. #}
    {{ split_list('companies', ['account_domain', 'company_id'], 'merged_ids') }}
),

lost as (
    select
        item as company_id,
        min(company_id) as survivor_id,
        min(account_domain) as account_domain
    from merged
    where item <> company_id
    group by item
),

living as (
    select
        companies.company_id,
        companies.company_id as survivor_id,
        companies.account_domain
    from companies
    left join lost on companies.company_id = lost.company_id
    where lost.company_id is null
)

select * from living
union all
select
    company_id,
    survivor_id,
    account_domain
from lost
