{#- Whose sightings must be summed up again. Empty in a full build, which sums up everybody's. -#}
with displaced as (
    select * from {{ ref('int_displaced_records') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

all_touched as (
    select
        displaced.tenant_id,
        displaced.person_key
    from displaced
    cross join this_run
    union
    select
        records.tenant_id,
        records.person_key
    from {{ ref('int_activity_records') }} as records
    inner join this_run on records.written_at = this_run.published_at
    union
    {#- They had been delivered before they happened. #}
    select
        records.tenant_id,
        records.person_key
    from {{ ref('int_activity_records') }} as records
    inner join this_run
        on
            records.activity_day > this_run.previous_as_of_day
            and records.activity_day <= this_run.as_of_day
),

touched as (
    select * from all_touched
    where person_key is not null
)

select * from touched
