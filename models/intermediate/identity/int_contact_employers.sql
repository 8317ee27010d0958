{#- Where the people of contacts work: the domain that each thing a contact says comes to. -#}
with contacts as (
    select * from {{ ref('int_contacts') }}
),

domains as (
    select * from {{ ref('int_domains') }}
),

aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

crm_accounts as (
    select * from {{ ref('int_crm_accounts') }}
),

{# A name that two accounts share names neither. #}
account_names as (
    select
        tenant_id,
        {{ company_key('account_name') }} as company_key,
        min(account_domain) as account_domain
    from crm_accounts
    where account_name is not null
    group by tenant_id, {{ company_key('account_name') }}
    having count(*) = 1
),

{# `@acme` on a GitHub profile is acme.com, where no other account begins with that label. #}
account_labels as (
    select
        tenant_id,
        {{ company_key("split_part(account_domain, '.', 1)") }} as company_key,
        min(account_domain) as account_domain
    from crm_accounts
    group by tenant_id, {{ company_key("split_part(account_domain, '.', 1)") }}
    having count(*) = 1
),

known_domains as (
    select
        tenant_id,
        account_domain as domain
    from crm_accounts
    union
    select
        tenant_id,
        domain
    from aliases
),

placed as (
    select
        contacts.*,
        stated.registrable_domain as stated_domain,
        case when not work_address.is_free_email then work_address.registrable_domain end as work_domain,
        coalesce(account_names.account_domain, account_labels.account_domain) as company_domain,
        case when account_names.account_domain is not null then 0.8 else 0.6 end as company_confidence,
        known_websites.domain as site_domain
    from contacts
    left join domains as stated on contacts.account_domain = stated.domain and not stated.is_free_email
    left join domains as work_address on contacts.email_domain = work_address.domain
    left join account_names
        on
            contacts.tenant_id = account_names.tenant_id
            and {{ company_key('contacts.company_name') }} = account_names.company_key
    left join account_labels
        on
            contacts.tenant_id = account_labels.tenant_id
            and {{ company_key('contacts.company_name') }} = account_labels.company_key
    left join domains as websites on contacts.website_domain = websites.domain
    left join known_domains as known_websites
        on
            contacts.tenant_id = known_websites.tenant_id
            and websites.registrable_domain = known_websites.domain
)

select * from placed
