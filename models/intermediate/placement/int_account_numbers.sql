{{ config(materialized='incremental', incremental_strategy='append') }}

{#-
    A number for each account that there may be, kept from run to run: half the work of the text for millions of
    activities. It is known before they are placed, so it stands here for every domain at which one may come to stand.
-#}
with record_domains as (
    select * from {{ ref('int_record_domains') }}
),

domains as (
    select * from {{ ref('int_domains') }}
    where registrable_domain is not null and not is_free_email
),

links as (
    select * from {{ ref('int_developer_account_links') }}
),

ip_addresses as (
    select * from {{ ref('int_ip_addresses') }}
    where domain is not null
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

crm_accounts as (
    select * from {{ ref('int_crm_accounts') }}
),

possible as (
    select
        record_domains.tenant_id,
        domains.registrable_domain as account_domain
    from record_domains
    inner join domains on record_domains.domain = domains.domain
    union
    select
        tenant_id,
        domain as account_domain
    from links
    union
    select
        tenants.tenant_id,
        ip_addresses.domain as account_domain
    from ip_addresses
    cross join tenants
    union
    select
        tenant_id,
        domain as account_domain
    from aliases
    union
    select
        tenant_id,
        account_domain
    from aliases
    union
    select
        tenant_id,
        account_domain
    from crm_accounts
),

accounts as (
    select
        md5(tenant_id || '|' || account_domain) as account_id,
        tenant_id,
        account_domain
    from possible
),

{% if is_incremental() %}
known as (
    select * from {{ this }}
),

unknown as (
    select accounts.*
    from accounts
    left join known on accounts.account_id = known.account_id
    where known.account_id is null
),

last_number as (
    select coalesce(max(account_number), 0) as account_number
    from known
),
{% else %}
unknown as (
    select * from accounts
),

last_number as (
    select 0 as account_number
),
{% endif %}

numbered as (
    select
        unknown.account_id,
        unknown.tenant_id,
        unknown.account_domain,
        cast(last_number.account_number + row_number() over (order by unknown.account_id) as integer) as account_number
    from unknown
    cross join last_number
)

select * from numbered
