{{ config(materialized='view') }}

{#-
    D(d, t): a developer's decayed points over all accounts and sources. The running sums of decayed_points_by_day, with
    those of all half-lives side by side, so that each day is drawn once and not once for each. Sources with the same
    half-life share a sum: they decay alike. The settings allow twelve half-lives; the runner says how many there are,
    since every column more is summed up, too.
    Most developers of a daily run want the as-of day alone: it is summed up straight from the days of activity.
    A view: developer_scores_daily keeps what is drawn, and each day is written once.
-#}
{%- set half_lives = env_var('ACTIVITY_SCORE_HALF_LIVES', '12') if execute else '12' %}
{%- set decay_classes = range(1, half_lives | int + 1) %}
with redraws as (
    select * from {{ ref('int_developer_redraws') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

run as (
    select * from {{ ref('int_run') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

wanted as (
    select
        redraws.developer_number,
        redraws.first_day,
        run.as_of_day,
        tenants.window_days
    from redraws
    cross join run
    inner join tenants on redraws.tenant_id = tenants.tenant_id
),

several_days as (
    select * from wanted
    where first_day < as_of_day
),

one_day as (
    select * from wanted
    where first_day = as_of_day
),

half_lives as (
    select distinct half_life_days
    from {{ ref('sources') }}
    where party <> 'third' and half_life_days is not null
),

decay_classes as (
    select
        half_life_days,
        row_number() over (order by half_life_days) as decay_class
    from half_lives
),

{# What a point of the as-of day was worth on each day: worked out once, not for each developer. #}
decay_factors as (
    select
        {%- for class in decay_classes %}
        coalesce(max(
            case
                when decay_classes.decay_class = {{ class }}
                    then {{ decay('run.as_of_day - score_days.score_day', 'decay_classes.half_life_days') }}
            end
        ), 1) as factor_{{ class }},
        {%- endfor %}
        score_days.score_day
    from decay_classes
    cross join run
    cross join score_days
    group by score_days.score_day
),

{# int_activity_days is named in each place: what is read twice under one name is held in memory. #}
points_in_force as (
    select
        several_days.developer_number,
        decay_classes.decay_class,
        greatest(activity_days.activity_day, several_days.first_day) as pulse_day,
        activity_days.activity_day + several_days.window_days as expiry_day,
        activity_days.points
        * {{ decay('several_days.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }} as pulse,
        several_days.as_of_day
    from {{ ref('int_activity_days') }} as activity_days
    inner join decay_classes on activity_days.half_life_days = decay_classes.half_life_days
    inner join several_days on activity_days.developer_number = several_days.developer_number
    where
        activity_days.party <> 'third'
        and activity_days.points > 0
        and activity_days.activity_day > several_days.first_day - several_days.window_days
        and activity_days.activity_day <= several_days.as_of_day
),

pulses as (
    select
        developer_number,
        decay_class,
        pulse_day,
        pulse,
        1 as in_force
    from points_in_force
    union all
    select
        developer_number,
        decay_class,
        expiry_day as pulse_day,
        -pulse as pulse,
        -1 as in_force
    from points_in_force
    where expiry_day <= as_of_day
),

pulses_by_day as (
    select
        developer_number,
        pulse_day,
        {%- for class in decay_classes %}
        sum(case when decay_class = {{ class }} then pulse else 0 end) as pulse_{{ class }},
        {%- endfor %}
        sum(in_force) as in_force
    from pulses
    group by developer_number, pulse_day
),

running as (
    select
        developer_number,
        pulse_day,
        {%- for class in decay_classes %}
        sum(pulse_{{ class }}) over by_day as points_{{ class }},
        {%- endfor %}
        sum(in_force) over by_day as in_force,
        coalesce(lead(pulse_day) over (partition by developer_number order by pulse_day) - 1, 1000000) as last_day
    from pulses_by_day
    window by_day as (
        partition by developer_number
        order by pulse_day
        rows between unbounded preceding and current row
    )
),

stretches as (
    select * from running
    where in_force > 0
),

spread as (
    {{ each_scored_day('stretches', side_by_side(decay_classes), 'pulse_day', 'last_day') }}
),

summed as (
    select
        spread.developer_number,
        spread.score_day,
        {%- for class in decay_classes %}
        spread.points_{{ class }} / decay_factors.factor_{{ class }} {{ '+' if not loop.last }}
        {%- endfor %}
            as developer_points
    from spread
    inner join decay_factors on spread.score_day = decay_factors.score_day
),

points_of_one_day as (
    select
        one_day.developer_number,
        one_day.as_of_day as score_day,
        sum(
            activity_days.points
            * {{ decay('one_day.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }}
        ) as developer_points
    from {{ ref('int_activity_days') }} as activity_days
    inner join one_day on activity_days.developer_number = one_day.developer_number
    where
        activity_days.party <> 'third'
        and activity_days.points > 0
        and activity_days.activity_day > one_day.as_of_day - one_day.window_days
        and activity_days.activity_day <= one_day.as_of_day
    group by one_day.developer_number, one_day.as_of_day
),

all_days as (
    select
        developer_number,
        score_day,
        developer_points
    from summed
    union all
    select
        developer_number,
        score_day,
        developer_points
    from points_of_one_day
)

select * from all_days
