{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_rows(is_outdated('first_score_day')) }}",
        "{{ delete_rows(is_redrawn('int_account_redraws', 'account_number')) }}",
    ],
) }}

{#-
    R(A, s, t): the decayed, role-weighted points of an account and source for every day that is scored, before any cap.
    The breadth term `active_developers` is a source of its own: points per identified developer with a counted activity
    of weight above 0 in the last 30 days.
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

points_by_day as (
    select
        redraws.account_number,
        redraws.first_day,
        activity_days.source,
        activity_days.activity_day,
        activity_days.half_life_days,
        tenants.window_days,
        activity_days.points * activity_days.role_weight as points,
        activity_days.activity_count
    from {{ ref('int_activity_days') }} as activity_days
    inner join tenants on activity_days.tenant_id = tenants.tenant_id
    inner join redraws on activity_days.account_number = redraws.account_number
    where activity_days.activity_day > redraws.first_day - tenants.window_days
),

decayed as (
    {{ decayed_points_by_day(['account_number', 'source'], 'points_by_day') }}
),

{# A developer is active on the 30 days from each active day on; overlapping stretches count once. #}
active_days as (
    select distinct
        redraws.tenant_id,
        redraws.account_number,
        redraws.first_day,
        activity_days.developer_number,
        activity_days.activity_day
    from {{ ref('int_activity_days') }} as activity_days
    cross join run
    inner join redraws on activity_days.account_number = redraws.account_number
    where
        activity_days.developer_number is not null
        and activity_days.points > 0
        and activity_days.party <> 'third'
        and activity_days.activity_day between redraws.first_day - 29 and run.as_of_day
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
        tenant_id,
        account_number,
        greatest(activity_day, first_day) as pulse_day,
        1 as developers
    from neighbouring_days
    where
        previous_day is null
        or previous_day + 30 < activity_day
    union all
    select
        tenant_id,
        account_number,
        activity_day + 30 as pulse_day,
        -1 as developers
    from neighbouring_days
    where next_day is null or activity_day + 30 < next_day
),

breadth_pulses_by_day as (
    select
        tenant_id,
        account_number,
        pulse_day,
        sum(developers) as developers
    from breadth_pulses
    group by tenant_id, account_number, pulse_day
),

breadth_stretches as (
    select
        tenant_id,
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
        'stretches_with_people', ['tenant_id', 'account_number', 'active_developers'], 'pulse_day', 'last_day'
    ) }}
),

breadth as (
    select
        breadth_days.account_number,
        'active_developers' as source,
        breadth_days.score_day,
        tenants.points_per_active_developer * breadth_days.active_developers as engagement_points,
        cast(breadth_days.active_developers as {{ dbt.type_bigint() }}) as activity_count
    from breadth_days
    inner join tenants on breadth_days.tenant_id = tenants.tenant_id
),

all_sources as (
    select
        account_number,
        source,
        score_day,
        engagement_points,
        activity_count
    from decayed
    union all
    select
        account_number,
        source,
        score_day,
        engagement_points,
        activity_count
    from breadth
)

select * from all_sources
