{#- The identifiers that this run's records show together. Empty in a full build, which reads all records. -#}
with this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

arrived as (
    select
        {{ seen_together('records') }}
    from {{ ref('int_activity_records') }} as records
    inner join this_run on records.written_at = this_run.published_at
    where {{ shows_people('records', 'this_run.as_of_day') }}
    union all
    {#- They had been delivered before they happened. #}
    select
        {{ seen_together('records') }}
    from {{ ref('int_activity_records') }} as records
    inner join this_run
        on
            records.activity_day > this_run.previous_as_of_day
            and records.activity_day <= this_run.as_of_day
            and records.written_at <> this_run.published_at
    where {{ shows_people('records', 'this_run.as_of_day') }}
),

sightings as (
    {{ merged_sightings('arrived') }}
)

select * from sightings
