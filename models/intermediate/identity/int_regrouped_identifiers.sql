{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ begin_empty() }}",
) }}

{#-
    The identifiers whose developers are worked out in this run, numbered in the order that names a developer: in a full
    build all; in a later run the touched ones, those that are seen together with one that may link now and could not
    before (or no longer may), and all that belonged to a developer with one of these. No link leads out of them: it would
    have been there before, and then it would have led to the same developer. Some are gone.
-#}
-- depends_on: {{ ref('int_identity_sightings') }}, {{ source('last_run', 'int_identifiers') }}
with touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_identifiers') }}
),

{% if is_incremental() %}
{#-
    Each table is named wherever it is joined: a CTE that is asked for twice is held in memory, whole.
    An address that is nobody's is not among the known ones, nor was it before: that only the rules can change.
-#}
relinked as (
    select
        touched.tenant_id,
        touched.identifier_kind,
        touched.identifier_value
    from touched
    left join {{ ref('int_identifiers_seen') }} as seen
        on touched.identifier = seen.identifier and touched.tenant_id = seen.tenant_id
    left join {{ source('last_run', 'int_identifiers') }} as known
        on touched.identifier = known.identifier and touched.tenant_id = known.tenant_id
    where
        coalesce(seen.unlinkable_reason, '') <> coalesce(known.unlinkable_reason, '')
        and coalesce(seen.unlinkable_reason, '') <> 'no_reply'
),

seen_with_relinked as (
    {{ sightings_that_show(ref('int_identity_sightings'), 'relinked') }}
),

neighbours as (
    {{ identifiers_in('seen_with_relinked') }}
),

directly_touched as (
    select
        tenant_id,
        identifier_kind,
        identifier_value,
        identifier
    from touched
    union
    select
        tenant_id,
        identifier_kind,
        identifier_value,
        identifier_kind || ':' || identifier_value as identifier
    from neighbours
),

touched_groups as (
    select distinct known.developer_id
    from {{ source('last_run', 'int_identifiers') }} as known
    inner join directly_touched
        on known.identifier = directly_touched.identifier and known.tenant_id = directly_touched.tenant_id
),

group_members as (
    select known.*
    from {{ source('last_run', 'int_identifiers') }} as known
    inner join touched_groups on known.developer_id = touched_groups.developer_id
),

regrouped as (
    select * from directly_touched
    union
    select
        tenant_id,
        identifier_kind,
        identifier_value,
        identifier
    from group_members
),

described as (
    select
        regrouped.tenant_id,
        regrouped.identifier_kind,
        regrouped.identifier_value,
        regrouped.identifier,
        seen.partner_count,
        seen.unlinkable_reason,
        seen.identifier is not null as is_seen,
        group_members.developer_id as former_developer_id
    from regrouped
    left join {{ ref('int_identifiers_seen') }} as seen
        on regrouped.identifier = seen.identifier and regrouped.tenant_id = seen.tenant_id
    left join group_members
        on regrouped.identifier = group_members.identifier and regrouped.tenant_id = group_members.tenant_id
),
{% else %}
described as (
    select
        tenant_id,
        identifier_kind,
        identifier_value,
        identifier,
        partner_count,
        unlinkable_reason,
        true as is_seen,
        cast(null as {{ dbt.type_string() }}) as former_developer_id
    from {{ ref('int_identifiers_seen') }}
),
{% endif %}

numbered as (
    select
        {#- The smallest number of a component is its name. #}
        row_number() over (
            order by
                tenant_id,
                case identifier_kind
                    {%- for kind in identifier_kinds() %}
                    when '{{ kind }}' then {{ loop.index }}
                    {%- endfor %}
                end,
                identifier_value
        ) as node,
        described.*
    from described
)

select * from numbered
