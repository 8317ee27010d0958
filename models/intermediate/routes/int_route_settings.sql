{{ config(materialized='view') }}

{#- A tenant without a row in the seed takes the values of the row `default`. -#}
with tenants as (
    select * from {{ ref('int_tenants') }}
),

settings as (
    select * from {{ ref('route_settings') }}
),

resolved as (
    select
        tenants.tenant_id,
        case when own.tenant_id is not null then own.reopen_after_days else fallback.reopen_after_days end
            as reopen_after_days,
        case when own.tenant_id is not null then own.contacts_shown else fallback.contacts_shown end as contacts_shown,
        case when own.tenant_id is not null then own.queue_email else fallback.queue_email end as queue_email
    from tenants
    inner join settings as fallback on fallback.tenant_id = 'default'
    left join settings as own on tenants.tenant_id = own.tenant_id
)

select * from resolved
