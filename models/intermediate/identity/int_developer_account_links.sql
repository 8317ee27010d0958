{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_of_a_touched_developer()) }}",
) }}

{#-
    Since when a developer works where, as intervals without gaps: the link in force on a day is the one with the latest
    start not after it, and before the first start the first link holds.
-#}
-- depends_on: {{ ref('int_touched_sightings') }}
with touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_developers') }}
),

contacts as (
    select contacts.*
    from {{ ref('int_contact_developers') }} as contacts
    {%- if is_incremental() %}
    inner join touched on contacts.developer_id = touched.developer_id
    {%- endif %}
    where contacts.is_in_force
),

sightings as (
    select * from {{ ref('int_touched_sightings') if is_incremental() else ref('int_identity_sightings') }}
    where seen_in = 'activities'
),

identifiers as (
    select identifiers.*
    from {{ ref('int_identifiers') }} as identifiers
    {%- if is_incremental() %}
    inner join touched on identifiers.developer_id = touched.developer_id
    {%- endif %}
),

domains as (
    select * from {{ ref('int_domains') }}
),

{# An address that is nobody's names no employer. #}
nobodies as (
    select * from {{ ref('int_identifiers_seen') }}
    where identifier_kind = 'email' and unlinkable_reason = 'no_reply'
),

from_contacts as (
    select
        contacts.tenant_id,
        contacts.developer_id,
        coalesce(contacts.valid_from_day, -1000000) as from_day,
        coalesce(
            contacts.stated_domain,
            case when nobodies.identifier is null then contacts.work_domain end,
            contacts.company_domain,
            contacts.site_domain
        ) as domain,
        case
            when contacts.stated_domain is not null then 1.0
            when nobodies.identifier is null and contacts.work_domain is not null then 1.0
            when contacts.company_domain is not null then contacts.company_confidence
            else 0.5
        end as confidence,
        1 as preference
    from contacts
    left join nobodies
        on contacts.email = nobodies.identifier_value and contacts.tenant_id = nobodies.tenant_id
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
