{#-
    Which domain stands for which account, and when. The seed wins over the CRM's other_domains: it is dated and was
    written for this. Days are inclusive; an open end is the end of time.
-#}
with aliases as (
    select * from {{ ref('domain_aliases') }}
),

crm_accounts as (
    select * from {{ ref('int_crm_accounts') }}
),

tenants as (
    select tenant_id from {{ ref('int_tenants') }}
),

domains as (
    select * from {{ ref('int_domains') }}
),

crm_other_domains as (
    {{ split_list('crm_accounts', ['tenant_id', 'account_domain'], 'other_domains') }}
),

seeded as (
    select
        tenants.tenant_id,
        old_domains.registrable_domain as domain,
        coalesce(new_domains.registrable_domain, aliases.alias_of) as account_domain,
        coalesce({{ to_day('aliases.valid_from') }}, -1000000) as from_day,
        coalesce({{ to_day('aliases.valid_to') }}, 1000000) as to_day
    from aliases
    inner join domains as old_domains on lower(aliases.domain) = old_domains.domain
    left join domains as new_domains on lower(aliases.alias_of) = new_domains.domain
    cross join tenants
    where old_domains.registrable_domain is not null
),

from_crm as (
    select
        crm_other_domains.tenant_id,
        domains.registrable_domain as domain,
        min(crm_other_domains.account_domain) as account_domain
    from crm_other_domains
    inner join domains on {{ host_of('crm_other_domains.item') }} = domains.domain
    left join crm_accounts as own_accounts
        on
            crm_other_domains.tenant_id = own_accounts.tenant_id
            and domains.registrable_domain = own_accounts.account_domain
    left join seeded
        on
            crm_other_domains.tenant_id = seeded.tenant_id
            and domains.registrable_domain = seeded.domain
    where
        {#- A domain with an account row of its own is its own account. #}
        own_accounts.account_domain is null
        and seeded.domain is null
        and domains.registrable_domain is not null
        and not domains.is_free_email
    group by crm_other_domains.tenant_id, domains.registrable_domain
),

all_aliases as (
    select * from seeded
    union all
    select
        tenant_id,
        domain,
        account_domain,
        -1000000 as from_day,
        1000000 as to_day
    from from_crm
)

select * from all_aliases
