{#-
    The day on which a routed account that is High now leaves the band if nothing more happens, under the thresholds in
    force. A score never rises without new activity, so the last High day is found by steps of 256, 128, ... 1 days: a
    step is taken where the score on the day it leads to is still High. Nine days are looked at, not all of the window.
-#}
with points as (
    select * from {{ ref('int_route_points') }}
),

run as (
    select * from {{ ref('int_run') }}
),

bands as (
    {{ score_bands_in_a_row() }}
),

last_high_days_512 as (
    select distinct
        points.account_id,
        run.as_of_day as last_high_day
    from points
    cross join run
),

{%- for step in [256, 128, 64, 32, 16, 8, 4, 2, 1] %}
{%- set days = 'last_high_days_' ~ 2 * step %}

source_points_{{ step }} as (
    select
        {{ days }}.account_id,
        points.account_threshold,
        least(
            points.points_counted_at_most,
            sum(points.points_today * coalesce(
                {{ decay(days ~ '.last_high_day + ' ~ step ~ ' - run.as_of_day', 'points.half_life_days') }}, 1
            ))
        ) as engagement_points
    from {{ days }}
    inner join points on {{ days }}.account_id = points.account_id
    cross join run
    where points.falls_out_day > {{ days }}.last_high_day + {{ step }}
    group by {{ days }}.account_id, points.source, points.points_counted_at_most, points.account_threshold
),

scores_{{ step }} as (
    select
        account_id,
        {{ round_score('least(100, 100 * sum(engagement_points) / account_threshold)') }} as activity_score
    from source_points_{{ step }}
    group by account_id, account_threshold
),

last_high_days_{{ step }} as (
    select
        {{ days }}.account_id,
        {{ days }}.last_high_day
        + case when scores_{{ step }}.activity_score >= bands.high_from then {{ step }} else 0 end as last_high_day
    from {{ days }}
    cross join bands
    left join scores_{{ step }} on {{ days }}.account_id = scores_{{ step }}.account_id
),
{%- endfor %}

forecasts as (
    select
        account_id,
        {{ to_date('last_high_day + 1') }} as expected_to_leave_high_on
    from last_high_days_1
)

select * from forecasts
