{#-
    The day on which a routed account that is High now leaves the band if nothing more happens, under the thresholds in
    force. Without new activity the points of a source only fade and, one day of activity after the other, fall out of
    the window. So between two days on which something falls out, R(t) is what is left of it as of today, times one
    factor: no activity is joined with any day to come. The breadth term does not fade; a developer falls out 30 days
    after the last active day.
-#}
with activity_days as (
    select * from {{ ref('int_routed_activity_days') }}
),

accounts as (
    select * from {{ ref('accounts') }}
    where activity_category = 'High'
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

sources as (
    select * from {{ ref('sources') }}
),

run as (
    select * from {{ ref('int_run') }}
),

bands as (
    {{ score_bands_in_a_row() }}
),

offsets as (
    {{ day_offsets() }}
),

event_points as (
    select
        account_id,
        source,
        half_life_days,
        activity_day + window_days as falls_out_day,
        sum(points_today) as points_today
    from activity_days
    group by account_id, source, half_life_days, activity_day + window_days
    having sum(points_today) > 0
),

last_active_days as (
    select
        activity_days.tenant_id,
        activity_days.account_id,
        activity_days.developer_id,
        max(activity_days.activity_day) as last_active_day
    from activity_days
    where activity_days.developer_id is not null and activity_days.points > 0
    group by activity_days.tenant_id, activity_days.account_id, activity_days.developer_id
),

breadth_points as (
    select
        last_active_days.account_id,
        'active_developers' as source,
        cast(null as {{ type_double() }}) as half_life_days,
        last_active_days.last_active_day + 30 as falls_out_day,
        sum(tenants.points_per_active_developer) as points_today
    from last_active_days
    inner join tenants on last_active_days.tenant_id = tenants.tenant_id
    cross join run
    where last_active_days.last_active_day + 30 > run.as_of_day
    group by last_active_days.account_id, last_active_days.last_active_day + 30
),

points as (
    select * from event_points
    union all
    select * from breadth_points
),

{# What falls out last is left longest: the sum over this and all that falls out later. #}
stretches as (
    select
        account_id,
        source,
        half_life_days,
        sum(points_today) over (
            partition by account_id, source
            order by falls_out_day desc
            rows between unbounded preceding and current row
        ) as points_left,
        coalesce(lag(falls_out_day) over (partition by account_id, source order by falls_out_day), 0) as first_day,
        falls_out_day - 1 as last_day
    from points
),

days_to_come as (
    select run.as_of_day + 1 + offsets.day_offset as score_day
    from run
    cross join offsets
),

source_days as (
    select
        stretches.account_id,
        days_to_come.score_day,
        least(
            sources.max_threshold_share * thresholds.account_threshold,
            case
                when stretches.half_life_days is null then stretches.points_left
                else
                    stretches.points_left
                    * {{ decay('days_to_come.score_day - run.as_of_day', 'stretches.half_life_days') }}
            end
        ) as engagement_points,
        thresholds.account_threshold
    from stretches
    inner join accounts on stretches.account_id = accounts.account_id
    inner join thresholds on accounts.tenant_id = thresholds.tenant_id
    inner join sources on stretches.source = sources.source
    inner join days_to_come
        on days_to_come.score_day between stretches.first_day and stretches.last_day
    cross join run
),

scores as (
    select
        account_id,
        score_day,
        {{ round_score('least(100, 100 * sum(engagement_points) / min(account_threshold))') }} as activity_score
    from source_days
    group by account_id, score_day
),

last_high_days as (
    select
        scores.account_id,
        max(scores.score_day) as last_high_day
    from scores
    cross join bands
    where scores.activity_score >= bands.high_from
    group by scores.account_id
),

forecasts as (
    select
        accounts.account_id,
        {{ to_date('coalesce(last_high_days.last_high_day, run.as_of_day) + 1') }} as expected_to_leave_high_on
    from accounts
    cross join run
    left join last_high_days on accounts.account_id = last_high_days.account_id
)

select * from forecasts
