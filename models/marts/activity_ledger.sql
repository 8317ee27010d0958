{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_past_retention(to_day('model_rows.occurred_at')) }}",
        "{{ delete_rows(is_published_of_a_touched_day()) }}",
    ],
    post_hook="{{ decay_ledger_to_the_day() }}",
) }}

{#-
    Worked out from the activities one by one, not from the sums that the scores come from: that both agree is a test.
    Only where a day went over its cap does the order of its activities matter, so only those are put in order.
    A later run replaces the days that were touched; the points of all others only grow older, which an update does.
-#}
{%- set placed = 'touched_activities' if is_incremental() else ref('int_activities') %}
-- depends_on: {{ ref('int_touched_days') }}
with touched_activities as (  -- noqa: ST03
    select * from {{ ref('int_touched_activities') }}
),

activities as (
    select * from {{ placed }}
),

activity_days as (
    select * from {{ ref('int_activity_days') }}
    where account_number is not null
),

activity_types as (
    select * from {{ ref('int_activity_types') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

account_days as (
    select * from {{ ref('int_account_days') }}
),

run as (
    select * from {{ ref('int_run') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

days_over_cap as (
    select
        account_number,
        coalesce(developer_number, 0) as developer_key,
        activity_type,
        activity_day
    from activity_days
    where activity_count > counted_count
),

{# Not `activities`: what is asked for twice is held in memory. #}
ordered_over_cap as (
    select
        activities.tenant_id,
        activities.source_system,
        activities.activity_id,
        activities.activity_count,
        coalesce(
            sum(activities.activity_count) over (
                partition by
                    activities.account_number,
                    activities.developer_number,
                    activities.activity_type,
                    activities.activity_day
                order by activities.occurred_at, activities.activity_id, activities.source_system
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as count_before
    from {{ placed }} as activities
    inner join days_over_cap
        on
            activities.account_number = days_over_cap.account_number
            and coalesce(activities.developer_number, 0) = days_over_cap.developer_key
            and activities.activity_type = days_over_cap.activity_type
            and activities.activity_day = days_over_cap.activity_day
    where activities.exclusion_reason is null
),

scales as (
    select
        account_days.account_number,
        100 / greatest(account_days.account_threshold, account_days.engagement_points) as score_per_point
    from account_days
    inner join run on account_days.score_day = run.as_of_day
),

counted as (
    select
        activities.*,
        activity_types.source,
        activity_types.party,
        activity_types.intent_level,
        activity_types.weight,
        case
            when activities.exclusion_reason is not null then 0
            when ordered_over_cap.activity_id is null then activities.activity_count
            else greatest(0, least(
                ordered_over_cap.activity_count, activity_types.daily_cap - ordered_over_cap.count_before
            ))
        end as counted_count,
        case
            when
                activities.exclusion_reason is null
                and activities.activity_day > run.as_of_day - tenants.window_days
                then {{ decay('run.as_of_day - activities.activity_day', 'activity_types.half_life_days') }}
            else 0
        end as decay_factor
    from activities
    cross join run
    inner join tenants on activities.tenant_id = tenants.tenant_id
    left join activity_types on activities.activity_type = activity_types.activity_type
    left join ordered_over_cap
        on
            activities.tenant_id = ordered_over_cap.tenant_id
            and activities.source_system = ordered_over_cap.source_system
            and activities.activity_id = ordered_over_cap.activity_id
),

weighed as (
    select
        counted.*,
        coalesce(counted.weight * counted.counted_count, 0) * counted.role_weight * counted.decay_factor
            as engagement_points
    from counted
),

shaped as (
    select
        weighed.activity_id,
        weighed.tenant_id,
        weighed.source_system,
        weighed.source,
        weighed.activity_type,
        weighed.intent_level,
        weighed.occurred_at,
        developer_numbers.developer_id,
        account_numbers.account_id,
        weighed.placed_by,
        cast(weighed.account_confidence as {{ type_double() }}) as account_confidence,
        weighed.url,
        weighed.activity_count,
        cast(weighed.counted_count as {{ dbt.type_bigint() }}) as counted_count,
        cast(weighed.weight as {{ type_double() }}) as weight,
        cast(weighed.role_weight as {{ type_double() }}) as role_weight,
        cast(weighed.decay_factor as {{ type_double() }}) as decay_factor,
        cast(weighed.engagement_points as {{ type_double() }}) as engagement_points,
        cast(
            case
                when weighed.party <> 'third' and weighed.engagement_points > 0
                    then weighed.engagement_points * scales.score_per_point
                else 0
            end
            as {{ type_double() }}
        ) as score_points,
        case
            when weighed.exclusion_reason is not null then 'excluded'
            when weighed.counted_count = 0 then 'over_daily_cap'
            else 'counted'
        end as disposition,
        coalesce(
            weighed.exclusion_reason,
            case when weighed.counted_count < weighed.activity_count then 'over_daily_cap' end
        ) as disposition_reason
    from weighed
    left join scales on weighed.account_number = scales.account_number
    left join account_numbers on weighed.account_number = account_numbers.account_number
    left join developer_numbers on weighed.developer_number = developer_numbers.developer_number
)

select * from shaped
