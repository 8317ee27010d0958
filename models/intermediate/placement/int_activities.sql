{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_past_retention() }}",
        "{{ set_aside(ref('int_displaced_activities'), is_of_a_touched_record()) }}",
        "{{ delete_rows(is_of_a_touched_record()) }}",
        "{{ set_aside(ref('int_displaced_activities'), is_at_a_changed_alias()) }}",
        "{{ delete_rows(is_at_a_changed_alias()) }}",
        "{{ set_aside(ref('int_displaced_activities'), was_of_the_future()) }}",
        "{{ delete_rows(was_of_the_future()) }}",
    ],
) }}

{#-
    Who did it, at which account, and whether it counts. The account is the first that answers: the activity's own work
    address, the account it names, the developer's link in force on that day, the range of addresses of the internet
    protocol that it came from; then the alias in force on that day.
    A later run places anew what int_touched_records names, what stands at a domain whose alias changed, and what has
    been in the future.
-#}
-- depends_on: {{ ref('int_alias_states') }}
with this_run as (  -- noqa: ST03
    select * from {{ ref('int_this_run') }}
),

touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_records') }}
),

displaced as (  -- noqa: ST03
    select * from {{ ref('int_displaced_activities') }}
),

{% if is_incremental() %}
to_place as (
    select
        tenant_id,
        source_system,
        activity_id
    from touched
    union
    select
        tenant_id,
        source_system,
        activity_id
    from displaced
),

earlier_to_place as (
    select
        touched.tenant_id,
        touched.source_system,
        touched.activity_id
    from touched
    where not touched.is_written
    union
    select
        displaced.tenant_id,
        displaced.source_system,
        displaced.activity_id
    from displaced
    inner join this_run on displaced.activity_day <= this_run.previous_as_of_day
),

{# Only what lies far back must be looked for by its key; the rest is found by when it was written or happened. #}
all_records as (
    select records.*
    from {{ ref('int_activity_records') }} as records
    inner join this_run on records.written_at = this_run.published_at
    inner join to_place
        on
            records.activity_id = to_place.activity_id
            and records.source_system = to_place.source_system
            and records.tenant_id = to_place.tenant_id
    union all
    select records.*
    from {{ ref('int_activity_records') }} as records
    inner join this_run
        on
            records.activity_day > this_run.previous_as_of_day
            and records.written_at <> this_run.published_at
    union all
    select records.*
    from {{ ref('int_activity_records') }} as records
    inner join this_run
        on
            records.activity_day <= this_run.previous_as_of_day
            and records.written_at <> this_run.published_at
    inner join earlier_to_place
        on
            records.activity_id = earlier_to_place.activity_id
            and records.source_system = earlier_to_place.source_system
            and records.tenant_id = earlier_to_place.tenant_id
),
{% else %}
all_records as (
    select * from {{ ref('int_activity_records') }}
),
{% endif %}

records as (
    select * from all_records
    where rejection_reason is null and exclusion_reason is null
),

run as (
    select * from {{ ref('int_run') }}
),

unlinkable as (
    select * from {{ ref('int_identifiers_seen') }}
    where unlinkable_reason is not null
),

identifiers as (
    select * from {{ ref('int_identifiers') }}
),

developers as (
    select * from {{ ref('int_developers') }}
),

links as (
    select * from {{ ref('int_developer_account_links') }}
),

domains as (
    select
        domain,
        registrable_domain
    from {{ ref('int_domains') }}
    where not is_free_email
),

ip_addresses as (
    select * from {{ ref('int_ip_addresses') }}
    where domain is not null
),

aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

internal_domains as (
    select * from {{ ref('int_internal_domains') }}
),

activity_types as (
    select * from {{ ref('int_activity_types') }}
),

identified as (
    select
        records.*,
        case when coalesce(unlinkable_email.unlinkable_reason, '') <> 'no_reply' then records.email_domain end
            as address_domain,
        {{ first_identifier('records') }} as identifier
    from records
    {{ join_unlinkable('records', 'unlinkable') }}
),

with_developers as (
    select
        identified.*,
        developers.developer_id,
        developers.is_bot as is_bot_developer,
        developers.is_internal as is_internal_developer,
        developers.is_opted_out,
        coalesce(developers.role_weight, 1) as role_weight
    from identified
    left join identifiers
        on
            identified.tenant_id = identifiers.tenant_id
            and identified.identifier = identifiers.identifier
    left join developers on identifiers.developer_id = developers.developer_id
),

with_domains as (
    select
        with_developers.*,
        coalesce(
            address_domains.registrable_domain, stated_domains.registrable_domain, links.domain, ip_addresses.domain
        ) as placed_domain,
        case
            when address_domains.registrable_domain is not null then 'work address'
            when stated_domains.registrable_domain is not null then 'stated account'
            when links.domain is not null then 'developer link'
            when ip_addresses.domain is not null then 'ip address'
        end as placed_by,
        case
            when address_domains.registrable_domain is not null then cast(1 as {{ type_double() }})
            when stated_domains.registrable_domain is not null
                then coalesce(with_developers.account_domain_confidence, cast(1 as {{ type_double() }}))
            when links.domain is not null then links.confidence
            else ip_addresses.confidence
        end as account_confidence
    from with_developers
    left join domains as address_domains on with_developers.address_domain = address_domains.domain
    left join domains as stated_domains on with_developers.account_domain = stated_domains.domain
    left join links
        on
            with_developers.developer_id = links.developer_id
            and with_developers.activity_day between links.from_day and links.to_day
    left join ip_addresses on with_developers.ip_address = ip_addresses.ip_address
),

placed as (
    select
        with_domains.*,
        coalesce(aliases.account_domain, with_domains.placed_domain) as final_domain
    from with_domains
    left join aliases
        on
            with_domains.tenant_id = aliases.tenant_id
            and with_domains.placed_domain = aliases.domain
            and with_domains.activity_day between aliases.from_day and aliases.to_day
),

judged as (
    select
        placed.source_system,
        placed.tenant_id,
        placed.activity_id,
        placed.occurred_at,
        placed.activity_day,
        placed.loaded_at,
        placed.activity_type,
        placed.activity_count,
        placed.developer_id,
        placed.role_weight,
        placed.final_domain as account_domain,
        case when placed.final_domain is not null then md5(placed.tenant_id || '|' || placed.final_domain) end
            as account_id,
        placed.placed_domain,
        placed.placed_by,
        placed.account_confidence,
        placed.url,
        case
            when placed.activity_day > run.as_of_day then 'future'
            when activity_types.activity_type is null then 'unknown_type'
            when placed.is_bot or coalesce(placed.is_bot_developer, false) then 'bot'
            when internal_domains.domain is not null or coalesce(placed.is_internal_developer, false) then 'internal'
            when coalesce(placed.is_opted_out, false) then 'opted_out'
            when placed.final_domain is null then 'no_account'
        end as exclusion_reason,
        run.published_at as written_at
    from placed
    cross join run
    left join activity_types on placed.activity_type = activity_types.activity_type
    left join internal_domains
        on placed.tenant_id = internal_domains.tenant_id and placed.final_domain = internal_domains.domain
)

select * from judged
