{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_touched_sighting()) }}",
) }}

{#-
    The identifiers that activities show together, each set of them once: everything about people is worked out from
    these, never from the activities again.
-#}
with records as (
    select * from {{ ref('int_activity_records') }}
),

touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_people') }}
),

run as (
    select * from {{ ref('int_run') }}
),

sightings as (
    select
        records.tenant_id,
        records.person_key,
        records.email,
        records.github_login,
        records.user_id,
        records.anonymous_id,
        {#- A push shows the domain of a work address without the address. #}
        case when records.email is null then records.email_domain end as shown_domain,
        min(records.activity_day) as first_seen_day,
        max(records.display_name) as display_name
    from records
    cross join run
    {%- if is_incremental() %}
    inner join touched on records.tenant_id = touched.tenant_id and records.person_key = touched.person_key
    {%- endif %}
    where
        records.rejection_reason is null
        and records.exclusion_reason is null
        and records.activity_day <= run.as_of_day
        and records.person_key is not null
    group by
        records.tenant_id,
        records.person_key,
        records.email,
        records.github_login,
        records.user_id,
        records.anonymous_id,
        case when records.email is null then records.email_domain end
)

select * from sightings
