{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_of_a_touched_identifier()) }}",
) }}

{#-
    Every identifier, and why it may not link, where it may not: it is shared or nobody's (seed shared_identifiers), or
    it was seen with more others than a person collects. A later run looks at the touched ones.
-#}
{%- set ordered_pairs = [] -%}
{%- for one in identifier_kinds() -%}
{%- for other in identifier_kinds() if other != one -%}
{%- do ordered_pairs.append([one, other]) -%}
{%- endfor -%}
{%- endfor -%}
with touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_identifiers') }}
),

sightings as (
    {% if is_incremental() %}{{ sightings_that_show(ref('int_identity_sightings'), 'touched') }}
    {% else %}select * from {{ ref('int_identity_sightings') }}{% endif %}
),

shared_identifiers as (
    select
        identifier_kind,
        is_no_reply,
        substring(pattern, 1, 1) as first_letter,
        {{ glob_to_like('pattern') }} as like_pattern
    from {{ ref('shared_identifiers') }}
),

shown as (
    {{ identifiers_in('sightings') }}
),

{# Of the others that they were seen with, only whether these are nobody's matters. #}
listed as (
    select shown.*
    from shown
    {%- if is_incremental() %}
    inner join touched
        on
            shown.identifier_value = touched.identifier_value
            and shown.identifier_kind = touched.identifier_kind
            and shown.tenant_id = touched.tenant_id
    {%- endif %}
),

names as (
    {{ by_first_letter('shown', 'identifier_value', ['tenant_id', 'identifier_kind', 'identifier_value']) }}
),

shared as (
    select
        names.tenant_id,
        names.identifier_kind,
        names.identifier_value,
        max(case when shared_identifiers.is_no_reply then 1 else 0 end) as is_no_reply
    from names
    inner join shared_identifiers
        on
            names.identifier_kind = shared_identifiers.identifier_kind
            and names.first_letter = shared_identifiers.first_letter
            and names.lower_name like shared_identifiers.like_pattern escape '!'
    group by names.tenant_id, names.identifier_kind, names.identifier_value
),

pairs as (
    {%- for one, other in ordered_pairs %}
    select
        tenant_id,
        '{{ one }}' as identifier_kind,
        {{ one }} as identifier_value,
        '{{ other }}' as partner_kind,
        {{ other }} as partner_value
    from sightings
    where {{ one }} is not null and {{ other }} is not null
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

nobodies as (
    select * from shared
    where is_no_reply = 1
),

{# An address that is nobody's is no partner either. #}
partners as (
    select
        pairs.tenant_id,
        pairs.identifier_kind,
        pairs.identifier_value,
        count(*) as partner_count
    from pairs
    left join nobodies
        on
            pairs.tenant_id = nobodies.tenant_id
            and pairs.partner_kind = nobodies.identifier_kind
            and pairs.partner_value = nobodies.identifier_value
    where nobodies.identifier_value is null
    group by pairs.tenant_id, pairs.identifier_kind, pairs.identifier_value
),

judged as (
    select
        listed.tenant_id,
        listed.identifier_kind,
        listed.identifier_value,
        listed.identifier_kind || ':' || listed.identifier_value as identifier,
        coalesce(partners.partner_count, 0) as partner_count,
        case
            when shared.is_no_reply = 1 then 'no_reply'
            when shared.is_no_reply = 0 then 'shared'
            when partners.partner_count > {{ var('max_identifier_links') }} then 'too_many_links'
        end as unlinkable_reason
    from listed
    left join shared
        on
            listed.tenant_id = shared.tenant_id
            and listed.identifier_kind = shared.identifier_kind
            and listed.identifier_value = shared.identifier_value
    left join partners
        on
            listed.tenant_id = partners.tenant_id
            and listed.identifier_kind = partners.identifier_kind
            and listed.identifier_value = partners.identifier_value
)

select * from judged
