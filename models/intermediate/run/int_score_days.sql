with run as (
    select * from {{ ref('int_run') }}
),

offsets as (
    {{ day_offsets() }}
),

score_days as (
    select
        run.first_score_day + offsets.day_offset as score_day,
        {{ to_date('run.first_score_day + offsets.day_offset') }} as score_date
    from run
    cross join offsets
    where run.first_score_day + offsets.day_offset <= run.as_of_day
)

select * from score_days
