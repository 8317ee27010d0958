{#-
    Since when a developer works where, as intervals without gaps: the link in force on a day is the one with the latest
    start not after it, and before the first start the first link holds.
-#}
with contacts as (
    select * from {{ ref('int_contact_developers') }}
    where is_in_force
),

sightings as (
    select * from {{ ref('int_identity_sightings') }}
    where seen_in = 'activities'
),

identifiers as (
    select * from {{ ref('int_identifiers') }}
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

from_contacts as (
    select
        contacts.tenant_id,
        contacts.developer_id,
        coalesce(contacts.valid_from_day, -1000000) as from_day,
        coalesce(
            stated.registrable_domain,
            case when not work_address.is_free_email then work_address.registrable_domain end,
            account_names.account_domain,
            account_labels.account_domain,
            known_websites.domain
        ) as domain,
        case
            when stated.registrable_domain is not null then 1.0
            when not work_address.is_free_email and work_address.registrable_domain is not null then 1.0
            when account_names.account_domain is not null then 0.8
            when account_labels.account_domain is not null then 0.6
            else 0.5
        end as confidence,
        1 as preference
    from contacts
    left join domains as stated on contacts.account_domain = stated.domain and not stated.is_free_email
    left join identifiers as addresses
        on
            contacts.tenant_id = addresses.tenant_id
            and addresses.identifier_kind = 'email'
            and contacts.email = addresses.identifier_value
    left join domains as work_address
        on case when addresses.identifier is not null then contacts.email_domain end = work_address.domain
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
),

from_addresses as (
    select
        identifiers.tenant_id,
        identifiers.developer_id,
        min(sightings.first_seen_day) as from_day,
        domains.registrable_domain as domain,
        1.0 as confidence,
        2 as preference
    from identifiers
    inner join sightings
        on
            identifiers.tenant_id = sightings.tenant_id
            and identifiers.identifier_value = sightings.email
    inner join domains on {{ email_domain('identifiers.identifier_value') }} = domains.domain
    where identifiers.identifier_kind = 'email' and not domains.is_free_email
    group by identifiers.tenant_id, identifiers.developer_id, domains.registrable_domain
),

{# A push shows the domain of a work address without the address. #}
from_pushes as (
    select
        sightings.tenant_id,
        identifiers.developer_id,
        min(sightings.first_seen_day) as from_day,
        domains.registrable_domain as domain,
        0.8 as confidence,
        3 as preference
    from sightings
    inner join identifiers
        on
            sightings.tenant_id = identifiers.tenant_id
            and identifiers.identifier_kind = 'github_login'
            and sightings.github_login = identifiers.identifier_value
    inner join domains on sightings.shown_domain = domains.domain
    where not domains.is_free_email
    group by sightings.tenant_id, identifiers.developer_id, domains.registrable_domain
),

all_links as (
    select * from from_contacts
    union all
    select
        tenant_id,
        developer_id,
        from_day,
        domain,
        confidence,
        preference
    from from_addresses
    union all
    select
        tenant_id,
        developer_id,
        from_day,
        domain,
        confidence,
        preference
    from from_pushes
),

ranked as (
    select
        all_links.*,
        row_number() over (
            partition by developer_id, from_day
            order by preference asc, domain asc, confidence desc
        ) as link_rank
    from all_links
    where domain is not null
),

intervals as (
    select
        tenant_id,
        developer_id,
        domain,
        confidence,
        from_day as valid_from_day,
        case
            when lag(from_day) over (partition by developer_id order by from_day) is null then -1000000
            else from_day
        end as from_day,
        coalesce(lead(from_day) over (partition by developer_id order by from_day) - 1, 1000000) as to_day
    from ranked
    where link_rank = 1
)

select * from intervals
