{#- As many days as a score may be computed for, from digits: series functions differ by engine. -#}
with run as (
    select * from {{ ref('int_run') }}
),

digits as (
    {%- for digit in range(10) %}
    select {{ digit }} as digit{{ ' union all' if not loop.last }}
    {%- endfor %}
),

offsets as (
    select hundreds.digit * 100 + tens.digit * 10 + ones.digit as day_offset
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
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
