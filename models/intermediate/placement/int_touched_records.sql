{#-
    Which activities must be placed anew: what was written or displaced in this run, unless it came back unchanged, and
    what bears an identifier of whom something is known now that was not known before. Empty in a full build.
-#}
with displaced as (
    select * from {{ ref('int_displaced_records') }}
    where rejection_reason is null
),

this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

changed_identifiers as (
    select
        states.tenant_id,
        split_part(states.identifier, ':', 1) as identifier_kind,
        substring(states.identifier, length(split_part(states.identifier, ':', 1)) + 2) as identifier_value
    from {{ ref('int_identifier_states') }} as states
    inner join this_run on states.changed_at = this_run.published_at
),

changed_addresses as (
    select addresses.*
    from {{ ref('int_ip_addresses') }} as addresses
    inner join this_run on addresses.changed_at = this_run.published_at
),

{# The records are read once for each question, and not all columns of all of them kept for every question. #}
written as (
    select records.*
    from {{ ref('int_activity_records') }} as records
    inner join this_run on records.written_at = this_run.published_at
    where records.rejection_reason is null
),

{%- set compared -%}
tenant_id, source_system, activity_id, occurred_at, activity_type, email, email_domain, github_login,
        user_id, anonymous_id, account_domain, url, is_bot, activity_count, exclusion_reason,
        account_domain_confidence, ip_address
{%- endset %}

arrived as (
    select {{ compared }} from written
    except
    select {{ compared }} from displaced
),

gone as (
    select {{ compared }} from displaced
    except
    select {{ compared }} from written
),

people as (
    {%- for kind in identifier_kinds() %}
    select
        sightings.tenant_id,
        sightings.person_key
    from {{ ref('int_identity_sightings') }} as sightings
    inner join changed_identifiers
        on
            sightings.{{ kind }} = changed_identifiers.identifier_value
            and sightings.tenant_id = changed_identifiers.tenant_id
            and changed_identifiers.identifier_kind = '{{ kind }}'
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

touched as (
    select
        tenant_id,
        source_system,
        activity_id,
        1 as is_written
    from arrived
    union all
    select
        tenant_id,
        source_system,
        activity_id,
        cast(null as integer) as is_written
    from gone
    union all
    select
        records.tenant_id,
        records.source_system,
        records.activity_id,
        case when records.written_at = this_run.published_at then 1 else 0 end as is_written
    from {{ ref('int_activity_records') }} as records
    cross join this_run
    where
        records.rejection_reason is null
        and {{ is_about('records', 'people') }}
    union all
    select
        records.tenant_id,
        records.source_system,
        records.activity_id,
        case when records.written_at = this_run.published_at then 1 else 0 end as is_written
    from {{ ref('int_activity_records') }} as records
    inner join changed_addresses on records.ip_address = changed_addresses.ip_address
    cross join this_run
    where records.rejection_reason is null
),

named as (
    select
        tenant_id,
        source_system,
        activity_id,
        coalesce(min(is_written), 1) = 1 as is_written
    from touched
    where activity_id is not null
    group by tenant_id, source_system, activity_id
),

{# What was written without a record of its key being displaced was not there before, so nobody need look for it. #}
displaced_keys as (
    select distinct
        tenant_id,
        source_system,
        activity_id
    from displaced
),

looked_up as (
    select
        named.tenant_id,
        named.source_system,
        named.activity_id,
        named.is_written,
        named.is_written and displaced_keys.activity_id is null as is_new
    from named
    left join displaced_keys
        on
            named.activity_id = displaced_keys.activity_id
            and named.source_system = displaced_keys.source_system
            and named.tenant_id = displaced_keys.tenant_id
)

select * from looked_up
