{#-
    Which activities must be placed anew: what was written or displaced in this run, unless it came back unchanged, and
    what bears an identifier of whom something is known now that was not known before; each with what it is placed by,
    since looking for it once more costs as much as finding it. Empty in a full build.
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

of_changed_people as (
    select
        {{ columns_to_place('records') }},
        records.written_at
    from {{ ref('int_activity_records') }} as records
    where {{ is_to_be_placed('records') }} and {{ is_about('records', 'people') }}
    union
    select
        {{ columns_to_place('records') }},
        records.written_at
    from {{ ref('int_activity_records') }} as records
    inner join changed_addresses on records.ip_address = changed_addresses.ip_address
    where {{ is_to_be_placed('records') }}
),

touched as (
    {%- for cause in ['arrived', 'gone', 'of_changed_people'] %}
    select
        tenant_id,
        source_system,
        activity_id
    from {{ cause }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

to_place as (
    select
        {{ columns_to_place('written') }},
        written.written_at
    from written
    where {{ is_to_be_placed('written') }}
    union all
    select of_changed_people.*
    from of_changed_people
    inner join this_run on of_changed_people.written_at < this_run.published_at
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
        {{ columns_to_place('to_place', key='touched') }},
        displaced_keys.activity_id is null
        and coalesce(to_place.written_at, this_run.published_at) = this_run.published_at as is_new
    from touched
    cross join this_run
    left join to_place
        on
            touched.activity_id = to_place.activity_id
            and touched.source_system = to_place.source_system
            and touched.tenant_id = to_place.tenant_id
    left join displaced_keys
        on
            touched.activity_id = displaced_keys.activity_id
            and touched.source_system = displaced_keys.source_system
            and touched.tenant_id = displaced_keys.tenant_id
)

select * from looked_up
