{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ set_aside(ref('int_displaced_sightings'), is_touched_sighting()) }}",
        "{{ delete_rows(is_touched_sighting()) }}",
    ],
) }}

{#-
    The identifiers that activities show together, each set of them once: everything about people is worked out from
    these, never from the activities again. A later run adds what arrived to what was seen before, and looks at all
    records only of those who lost one.
-#}
with touched as (
    select * from {{ ref('int_touched_people') }}
),

recounted as (  -- noqa: ST03
    select * from touched
    where is_recounted
),

displaced as (  -- noqa: ST03
    select * from {{ ref('int_displaced_sightings') }}
),

arrived as (  -- noqa: ST03
    select * from {{ ref('int_arrived_sightings') }}
),

run as (
    select * from {{ ref('int_run') }}
),

shown as (
    select
        {{ seen_together('records') }}
    from {{ ref('int_activity_records') }} as records
    cross join run
    where
        {{ shows_people('records', 'run.as_of_day') }}
    {%- if is_incremental() %}
        and {{ is_about('records', 'recounted') }}
    {%- for relation in ['displaced', 'arrived'] %}
    union all
    select
        {{ relation }}.tenant_id,
        {{ relation }}.email,
        {{ relation }}.github_login,
        {{ relation }}.user_id,
        {{ relation }}.anonymous_id,
        {{ relation }}.shown_domain,
        {{ relation }}.first_seen_day,
        {{ relation }}.display_name
    from {{ relation }}
    inner join touched
        on
            {{ relation }}.person_key = touched.person_key
            and {{ relation }}.tenant_id = touched.tenant_id
            and not touched.is_recounted
    {%- endfor %}
    {%- endif %}
),

sightings as (
    {{ merged_sightings('shown') }}
)

select * from sightings
