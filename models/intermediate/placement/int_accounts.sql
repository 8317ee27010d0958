{#- The accounts of the account lists, and every domain at which something happened that was not excluded. -#}
with crm_accounts as (
    select * from {{ ref('int_crm_accounts') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

spans as (
    select * from {{ ref('int_activity_spans') }}
),

lifecycle as (
    select * from {{ ref('int_account_lifecycle') }}
),

domains as (
    select * from {{ ref('int_domains') }}
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
        lifecycle.lifecycle_stage,
        lifecycle.lifecycle_stage_since,
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
    left join lifecycle
        on
            account_domains.tenant_id = lifecycle.tenant_id
            and account_domains.account_domain = lifecycle.account_domain
)

select * from accounts
