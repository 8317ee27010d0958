{#- The sightings that show an identifier whose developer is worked out in this run. Empty in a full build. -#}
with this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

regrouped as (
    select
        regrouped.tenant_id,
        regrouped.identifier_kind,
        regrouped.identifier_value
    from {{ ref('int_regrouped_identifiers') }} as regrouped
    cross join this_run
),

sightings as (
    {{ sightings_that_show(ref('int_identity_sightings'), 'regrouped') }}
)

select * from sightings
