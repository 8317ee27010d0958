{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_outdated('first_score_day') }}",
        "{{ delete_redrawn('int_account_redraws', 'account_number') }}",
    ],
) }}

{#-
    R(A, s, t): the decayed, role-weighted points of an account and source for every day that is scored, before any cap.
    The breadth term `active_developers` is a source of its own: points per identified developer with a counted activity
    of weight above 0 in the last 30 days.
    Most accounts of a daily run want the as-of day alone: it is summed up straight from the days of activity.
-#}
with redraws as (
    select * from {{ ref('int_account_redraws') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

run as (
    select * from {{ ref('int_run') }}
),

breadth_source as (
    select source_number from {{ ref('int_sources') }}
    where source = 'active_developers'
),

wanted as (
    select
        redraws.account_number,
        redraws.first_day,
        run.as_of_day,
        tenants.window_days,
        tenants.points_per_active_developer
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

{# int_activity_days is named in each place: what is read twice under one name is held in memory. #}
points_by_day as (
    select
        several_days.account_number,
        several_days.first_day,
        activity_days.source_number,
        activity_days.activity_day,
        activity_days.half_life_days,
        several_days.window_days,
        activity_days.points * activity_days.role_weight as points,
        activity_days.activity_count
    from {{ ref('int_activity_days') }} as activity_days
    inner join several_days on activity_days.account_number = several_days.account_number
    where activity_days.activity_day > several_days.first_day - several_days.window_days
),

decayed as (
    {{ decayed_points_by_day(['account_number', 'source_number'], 'points_by_day') }}
),

{# A developer is active on the 30 days from each active day on; overlapping stretches count once. #}
active_days as (
    select distinct
        several_days.account_number,
        several_days.first_day,
        activity_days.developer_number,
        activity_days.activity_day
    from {{ ref('int_activity_days') }} as activity_days
    inner join several_days on activity_days.account_number = several_days.account_number
    where
        activity_days.developer_number is not null
        and activity_days.points > 0
        and activity_days.party <> 'third'
        and activity_days.activity_day between several_days.first_day - 29 and several_days.as_of_day
),

neighbouring_days as (
    select
        active_days.*,
        lag(activity_day) over (partition by account_number, developer_number order by activity_day) as previous_day,
        lead(activity_day) over (partition by account_number, developer_number order by activity_day) as next_day
    from active_days
),

breadth_pulses as (
    select
        account_number,
        greatest(activity_day, first_day) as pulse_day,
        1 as developers
    from neighbouring_days
    where
        previous_day is null
        or previous_day + 30 < activity_day
    union all
    select
        account_number,
        activity_day + 30 as pulse_day,
        -1 as developers
    from neighbouring_days
    where next_day is null or activity_day + 30 < next_day
),

breadth_pulses_by_day as (
    select
        account_number,
        pulse_day,
        sum(developers) as developers
    from breadth_pulses
    group by account_number, pulse_day
),

breadth_stretches as (
    select
        account_number,
        pulse_day,
        sum(developers) over (
            partition by account_number
            order by pulse_day
            rows between unbounded preceding and current row
        ) as active_developers,
        coalesce(lead(pulse_day) over (partition by account_number order by pulse_day) - 1, 1000000) as last_day
    from breadth_pulses_by_day
),

stretches_with_people as (
    select * from breadth_stretches
    where active_developers > 0
),

breadth_days as (
    {{ each_scored_day(
        'stretches_with_people', ['account_number', 'active_developers'], 'pulse_day', 'last_day'
    ) }}
),

breadth as (
    select
        breadth_days.account_number,
        breadth_source.source_number,
        breadth_days.score_day,
        wanted.points_per_active_developer * breadth_days.active_developers as engagement_points,
        cast(breadth_days.active_developers as {{ dbt.type_bigint() }}) as activity_count
    from breadth_days
    cross join breadth_source
    inner join wanted on breadth_days.account_number = wanted.account_number
),

points_of_one_day as (
    select
        one_day.account_number,
        activity_days.source_number,
        one_day.as_of_day as score_day,
        sum(
            activity_days.points
            * activity_days.role_weight
            * {{ decay('one_day.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }}
        ) as engagement_points,
        cast(
            sum(
                case when activity_days.activity_day = one_day.as_of_day then activity_days.activity_count else 0 end
            ) as {{ dbt.type_bigint() }}
        ) as activity_count
    from {{ ref('int_activity_days') }} as activity_days
    inner join one_day on activity_days.account_number = one_day.account_number
    where
        activity_days.activity_day > one_day.as_of_day - one_day.window_days
        and activity_days.activity_day <= one_day.as_of_day
    group by one_day.account_number, activity_days.source_number, one_day.as_of_day
),

active_on_one_day as (
    select distinct
        one_day.account_number,
        activity_days.developer_number
    from {{ ref('int_activity_days') }} as activity_days
    inner join one_day on activity_days.account_number = one_day.account_number
    where
        activity_days.developer_number is not null
        and activity_days.points > 0
        and activity_days.party <> 'third'
        and activity_days.activity_day between one_day.as_of_day - 29 and one_day.as_of_day
),

active_developers_of_one_day as (
    select
        account_number,
        count(*) as active_developers
    from active_on_one_day
    group by account_number
),

breadth_of_one_day as (
    select
        one_day.account_number,
        breadth_source.source_number,
        one_day.as_of_day as score_day,
        one_day.points_per_active_developer * active_developers_of_one_day.active_developers as engagement_points,
        cast(active_developers_of_one_day.active_developers as {{ dbt.type_bigint() }}) as activity_count
    from active_developers_of_one_day
    cross join breadth_source
    inner join one_day on active_developers_of_one_day.account_number = one_day.account_number
),

all_sources as (
    select
        account_number,
        source_number,
        score_day,
        engagement_points,
        activity_count
    from decayed
    union all
    select
        account_number,
        source_number,
        score_day,
        engagement_points,
        activity_count
    from points_of_one_day
    where engagement_points > 0 or activity_count > 0
    union all
    select
        account_number,
        source_number,
        score_day,
        engagement_points,
        activity_count
    from breadth_of_one_day
    union all
    select
        account_number,
        source_number,
        score_day,
        engagement_points,
        activity_count
    from breadth
),

written as (
    select
        all_sources.*,
        run.published_at as written_at
    from all_sources
    cross join run
)

select * from written
