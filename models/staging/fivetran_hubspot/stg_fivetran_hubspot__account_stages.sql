{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{%- set default_stages = [
    'subscriber', 'lead', 'marketingqualifiedlead', 'salesqualifiedlead', 'opportunity', 'customer', 'evangelist', 'other',
] -%}
with companies as (
    select * from {{ source('fivetran_hubspot', 'company') }}
),

living as (
    {#- What happened to a company before it was merged into another did not happen to the one that is left. #}
    select
        company_id,
        account_domain
    from {{ ref('stg_fivetran_hubspot__company_domains') }}
    where company_id = survivor_id and account_domain is not null
),

changes as (
    select
        {{ clean_text('company_id') }} as company_id,
        {{ clean_text('value') }} as lifecycle_stage,
        {{ moment_of(clean_text('timestamp')) }} as stated_at
    from {{ source('fivetran_hubspot', 'company_property_history') }}
    where lower({{ clean_text('name') }}) = 'lifecyclestage'
),

changed_companies as (
    select distinct company_id
    from changes
),

stage_dates as (
    {%- for stage in default_stages %}
    select
        {{ clean_text('id') }} as company_id,
        '{{ stage }}' as lifecycle_stage,
        {{ moment_of(clean_text('property_hs_lifecyclestage_' ~ stage ~ '_date')) }} as stated_at
    from companies
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

stated as (
    select * from changes
    union all
    select stage_dates.*
    from stage_dates
    left join changed_companies on stage_dates.company_id = changed_companies.company_id
    where changed_companies.company_id is null
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        stated.company_id as crm_account_id,
        living.account_domain,
        stated.lifecycle_stage,
        stated.stated_at
    from stated
    inner join living on stated.company_id = living.company_id
    where stated.lifecycle_stage is not null and stated.stated_at is not null
)

select * from shaped
