{{ config(materialized='view') }}

{#- The tenant's own domains: who writes from there is staff, not a prospect. -#}
with tenants as (
    select * from {{ ref('int_tenants') }}
),

domains as (
    select * from {{ ref('int_domains') }}
),

listed as (
    {{ split_list('tenants', ['tenant_id'], 'internal_domains') }}
),

internal_domains as (
    select distinct
        listed.tenant_id,
        coalesce(domains.registrable_domain, domains.domain) as domain
    from listed
    inner join domains on {{ host_of('listed.item') }} = domains.domain
)

select * from internal_domains
