{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ begin_empty() }}",
) }}

{#-
    Whose sightings change: who shows identifiers together that were not seen so before, or earlier, or with a name
    further down the alphabet; and who has lost a record, whose records are then all looked at again. Empty in a full
    build, which sums up everybody's.
-#}
-- depends_on: {{ source('last_run', 'int_activity_sightings') }}
with displaced as (
    select * from {{ ref('int_displaced_records') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

arrived as (
    select * from {{ ref('int_arrived_sightings') }}
),

{% if is_incremental() %}
known as (
    select * from {{ source('last_run', 'int_activity_sightings') }}
),

shown as (
    select
        arrived.tenant_id,
        arrived.person_key
    from arrived
    left join known
        on
            arrived.person_key = known.person_key
            and arrived.tenant_id = known.tenant_id
            {%- for column in ['email', 'github_login', 'user_id', 'anonymous_id', 'shown_domain'] %}
            and coalesce(arrived.{{ column }}, '') = coalesce(known.{{ column }}, '')
            {%- endfor %}
    where
        known.person_key is null
        or arrived.first_seen_day < known.first_seen_day
        or (arrived.display_name is not null and coalesce(arrived.display_name > known.display_name, true))
),
{% else %}
shown as (
    select
        tenant_id,
        person_key
    from arrived
),
{% endif %}

all_touched as (
    select
        displaced.tenant_id,
        {{ person_key('displaced') }} as person_key,
        1 as is_recounted
    from displaced
    cross join this_run
    where {{ first_value('displaced') }} is not null
    union all
    select
        shown.tenant_id,
        shown.person_key,
        0 as is_recounted
    from shown
),

touched as (
    select
        tenant_id,
        person_key,
        max(is_recounted) = 1 as is_recounted
    from all_touched
    group by tenant_id, person_key
)

select * from touched
