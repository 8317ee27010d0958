{{ config(materialized='view') }}

{#- Who a task about an account goes to, the first that is known: its owner, its parent's, its territory's, a queue. -#}
with accounts as (
    select * from {{ ref('accounts') }}
),

territory_owners as (
    select * from {{ ref('territory_owners') }}
),

settings as (
    select * from {{ ref('int_route_settings') }}
),

candidates as (
    select
        accounts.account_id,
        accounts.owner_name as crm_name,
        accounts.owner_email as crm_email,
        parents.owner_name as parent_name,
        parents.owner_email as parent_email,
        territory_owners.owner_name as territory_name,
        territory_owners.owner_email as territory_email,
        settings.queue_email
    from accounts
    inner join settings on accounts.tenant_id = settings.tenant_id
    left join accounts as parents on accounts.parent_account_id = parents.account_id
    left join territory_owners
        on
            accounts.tenant_id = territory_owners.tenant_id
            and lower(accounts.territory) = territory_owners.territory
),

owners as (
    select
        account_id,
        case
            when crm_email is not null then crm_name
            when parent_email is not null then parent_name
            when territory_email is not null then territory_name
        end as owner_name,
        coalesce(crm_email, parent_email, territory_email, queue_email) as owner_email,
        case
            when crm_email is not null then 'crm'
            when parent_email is not null then 'parent'
            when territory_email is not null then 'territory'
            else 'queue'
        end as owner_source
    from candidates
)

select * from owners
