{#-
    The accounts of the account lists, and every domain at which something happened that was not excluded. Where the CRM
    states no stage, the account's opportunities tell it.
-#}
with crm_accounts as (
    select * from {{ ref('int_crm_accounts') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

spans as (
    select * from {{ ref('int_activity_spans') }}
),

opportunities as (
    select * from {{ ref('int_opportunities') }}
),

domains as (
    select * from {{ ref('int_domains') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

present_accounts as (
    select account_id
    from spans
    where account_id is not null
    union
    select md5(tenant_id || '|' || account_domain) as account_id
    from crm_accounts
),

account_domains as (
    select account_numbers.*
    from account_numbers
    inner join present_accounts on account_numbers.account_id = present_accounts.account_id
),

opportunity_stages as (
    select
        tenant_id,
        account_domain,
        max(case when is_won then 1 else 0 end) as has_won,
        max(case when closed_on is null then 1 else 0 end) as has_open
    from opportunities
    group by tenant_id, account_domain
),

{# A stage of this very system before one of any system. #}
stated_stages as (
    select
        crm_accounts.tenant_id,
        crm_accounts.account_domain,
        coalesce(own_stages.lifecycle_stage, any_stages.lifecycle_stage, crm_accounts.lifecycle_stage)
            as lifecycle_stage
    from crm_accounts
    left join lifecycle_stages as own_stages
        on
            crm_accounts.source_system = own_stages.source_system
            and lower(crm_accounts.lifecycle_stage) = own_stages.raw_stage
    left join lifecycle_stages as any_stages
        on
            any_stages.source_system is null
            and lower(crm_accounts.lifecycle_stage) = any_stages.raw_stage
),

accounts as (
    select
        account_domains.account_id,
        account_domains.account_number,
        account_domains.tenant_id,
        account_domains.account_domain,
        coalesce(crm_accounts.account_name, account_domains.account_domain) as account_name,
        crm_accounts.crm_account_id,
        crm_accounts.account_domain is not null as is_in_crm,
        case
            when parent_domains.registrable_domain <> account_domains.account_domain
                then md5(account_domains.tenant_id || '|' || parent_domains.registrable_domain)
        end as parent_account_id,
        coalesce(
            stated_stages.lifecycle_stage,
            case
                when opportunity_stages.has_won = 1 then 'Customer'
                when opportunity_stages.has_open = 1 then 'In Pipeline'
                when opportunity_stages.account_domain is not null then 'Closed Lost'
            end
        ) as lifecycle_stage,
        crm_accounts.owner_name,
        crm_accounts.owner_email,
        crm_accounts.employee_count,
        crm_accounts.industry,
        crm_accounts.country,
        crm_accounts.territory
    from account_domains
    left join crm_accounts
        on
            account_domains.tenant_id = crm_accounts.tenant_id
            and account_domains.account_domain = crm_accounts.account_domain
    left join domains as parent_domains on crm_accounts.parent_domain = parent_domains.domain
    left join stated_stages
        on
            account_domains.tenant_id = stated_stages.tenant_id
            and account_domains.account_domain = stated_stages.account_domain
    left join opportunity_stages
        on
            account_domains.tenant_id = opportunity_stages.tenant_id
            and account_domains.account_domain = opportunity_stages.account_domain
)

select * from accounts
