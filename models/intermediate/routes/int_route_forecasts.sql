{{ config(materialized='view') }}

{#-
    The day on which a routed account that is High now leaves the band if nothing more happens, under the thresholds in
    force. A score never rises without new activity, so the last High day is found by steps of 256, 128, ... 1 days: a
    step is taken where the score on the day it leads to is still High. Nine days are looked at, not all of the window.
    The long steps look at points by blocks of sixteen days, the short ones at the days of the block in which they end.
-#}
{%- set block = 16 %}
with points as (
    select * from {{ ref('int_route_points') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

sources as (
    select * from {{ ref('int_sources') }}
),

run as (
    select * from {{ ref('int_run') }}
),

bands as (
    {{ score_bands_in_a_row() }}
),

accounts_with_points as (
    select distinct account_number from points
),

last_high_days_512 as (
    select
        accounts.account_id,
        account_numbers.account_number,
        thresholds.account_threshold,
        run.as_of_day as last_high_day
    from accounts_with_points
    cross join run
    inner join account_numbers on accounts_with_points.account_number = account_numbers.account_number
    inner join accounts on account_numbers.account_id = accounts.account_id
    inner join thresholds on accounts.tenant_id = thresholds.tenant_id
),

{# All steps so far are whole blocks: what falls out within one is there at its start and gone at its end. #}
points_by_block as (
    select
        points.account_number,
        points.source_number,
        points.falls_out_day - (points.falls_out_day - run.as_of_day - 1) % {{ block }} as falls_out_day,
        sum(points.points_today) as points_today
    from points
    cross join run
    where points.falls_out_day > run.as_of_day
    group by
        points.account_number,
        points.source_number,
        points.falls_out_day - (points.falls_out_day - run.as_of_day - 1) % {{ block }}
),

{%- for step in [256, 128, 64, 32, 16, 8, 4, 2, 1] %}
{%- set days = 'last_high_days_' ~ 2 * step %}
{%- set points = 'points_by_block' if step >= block else 'points_of_the_last_block' %}
{%- if 2 * step == block %}

points_of_the_last_block as (
    select
        points.account_number,
        points.source_number,
        least(points.falls_out_day, {{ days }}.last_high_day + {{ block }} + 1) as falls_out_day,
        sum(points.points_today) as points_today
    from {{ days }}
    inner join points
        on
            {{ days }}.account_number = points.account_number
            and {{ days }}.last_high_day + 1 < points.falls_out_day
    group by
        points.account_number,
        points.source_number,
        least(points.falls_out_day, {{ days }}.last_high_day + {{ block }} + 1)
),
{%- endif %}

points_left_{{ step }} as (
    select
        points.account_number,
        points.source_number,
        sum(points.points_today) as points_today
    from {{ days }}
    inner join {{ points }} as points
        on
            {{ days }}.account_number = points.account_number
            and {{ days }}.last_high_day + {{ step }} < points.falls_out_day
    group by points.account_number, points.source_number
),

engagement_{{ step }} as (
    select
        {{ days }}.account_number,
        {{ days }}.account_threshold,
        least(
            sources.max_threshold_share * {{ days }}.account_threshold,
            points_left.points_today
            * coalesce(
                {{ decay(days ~ '.last_high_day + ' ~ step ~ ' - run.as_of_day', 'sources.half_life_days') }}, 1
            )
        ) as engagement_points
    from points_left_{{ step }} as points_left
    cross join run
    inner join {{ days }} on points_left.account_number = {{ days }}.account_number
    inner join sources on points_left.source_number = sources.source_number
),

scores_{{ step }} as (
    select
        account_number,
        {{ round_score('least(100, 100 * sum(engagement_points) / account_threshold)') }} as activity_score
    from engagement_{{ step }}
    group by account_number, account_threshold
),

last_high_days_{{ step }} as (
    select
        {{ days }}.account_id,
        {{ days }}.account_number,
        {{ days }}.account_threshold,
        {{ days }}.last_high_day
        + case when scores_{{ step }}.activity_score >= bands.high_from then {{ step }} else 0 end as last_high_day
    from {{ days }}
    cross join bands
    left join scores_{{ step }} on {{ days }}.account_number = scores_{{ step }}.account_number
),
{%- endfor %}

forecasts as (
    select
        account_id,
        {{ to_date('last_high_day + 1') }} as expected_to_leave_high_on
    from last_high_days_1
)

select * from forecasts
