{#-
    R(t) = sum over u in [t - W + 1, t] of p(u) * 2 ^ (-(t - u) / h) for every scored day t, without joining days of
    activity with days of the trend. Every p(u) is an entry pulse on day u and an expiry pulse of the same size on day
    u + W, both written relative to the as-of day T as p(u) * 2 ^ ((u - T) / h). Between two pulses R only decays, so a
    running sum over the pulses holds until the next one, and R(t) is that sum times 2 ^ ((T - t) / h). The number of
    points in force is summed alike, in whole numbers, so that R is exactly zero once all have expired. What entered
    before the first scored day enters on it.

    The rounding error stays below 1e-15 of the points that were in force: no pulse in a running sum weighs more, on
    the day read, than its own points.

    Arguments:
        keys: the columns that, with half_life_days, make a series.
        daily_points: relation of the keys (which may repeat), activity_day, half_life_days, window_days, points,
            activity_count, and first_day: from which day on the series is wanted.
    Result: the keys, score_day, engagement_points, activity_count (of that day alone); only days with points or
    activities.
-#}
{% macro decayed_points_by_day(keys, daily_points) -%}
    {%- set series = keys | join(', ') -%}
    with daily_points as (
        select
            daily_points.*,
            daily_points.points * {{ decay('run.as_of_day - daily_points.activity_day', 'daily_points.half_life_days') }}
                as points_as_of_today,
            run.as_of_day
        from {{ daily_points }} as daily_points
        cross join {{ ref('int_run') }} as run
        where
            daily_points.activity_day <= run.as_of_day
            and daily_points.activity_day > daily_points.first_day - daily_points.window_days
    ),

    pulses as (
        select
            {{ series }},
            half_life_days,
            greatest(activity_day, first_day) as pulse_day,
            points_as_of_today as pulse,
            case when points > 0 then 1 else 0 end as in_force,
            case when activity_day >= first_day then activity_count else 0 end as activity_count
        from daily_points
        union all
        select
            {{ series }},
            half_life_days,
            activity_day + window_days as pulse_day,
            -points_as_of_today as pulse,
            -1 as in_force,
            0 as activity_count
        from daily_points
        where points > 0 and activity_day + window_days <= as_of_day
    ),

    pulses_by_day as (
        select
            {{ series }},
            half_life_days,
            pulse_day,
            sum(pulse) as pulse,
            cast(sum(in_force) as {{ dbt.type_bigint() }}) as in_force,
            cast(sum(activity_count) as {{ dbt.type_bigint() }}) as activity_count
        from pulses
        group by {{ series }}, half_life_days, pulse_day
    ),

    running as (
        select
            {{ series }},
            half_life_days,
            pulse_day,
            activity_count,
            sum(pulse) over by_day as points_as_of_today,
            sum(in_force) over by_day as in_force,
            lead(pulse_day) over (partition by {{ series }}, half_life_days order by pulse_day) as next_pulse_day
        from pulses_by_day
        window by_day as (
            partition by {{ series }}, half_life_days
            order by pulse_day
            rows between unbounded preceding and current row
        )
    ),

    stretches as (
        select
            running.*,
            {#- Without points there is nothing to carry to the days after. #}
            case when in_force > 0 then coalesce(next_pulse_day - 1, 1000000) else pulse_day end as last_day
        from running
        where in_force > 0 or activity_count > 0
    ),

    spread as (
        {{ each_scored_day(
            'stretches',
            keys + ['half_life_days', 'pulse_day', 'in_force', 'points_as_of_today', 'activity_count'],
            'pulse_day',
            'last_day',
        ) }}
    )

    select
        {% for key in keys %}spread.{{ key }},
        {% endfor %}spread.score_day,
        case
            when spread.in_force > 0
                then
                    spread.points_as_of_today
                    / {{ decay('run.as_of_day - spread.score_day', 'spread.half_life_days') }}
            else 0
        end as engagement_points,
        case when spread.score_day = spread.pulse_day then spread.activity_count else 0 end as activity_count
    from spread
    cross join {{ ref('int_run') }} as run
{%- endmacro %}
