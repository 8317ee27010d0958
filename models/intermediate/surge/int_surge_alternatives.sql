{#-
    What the score of a surge day would have been, and that of seven days before, if less had come together: without
    imports, without those and what counts by hindsight, and all that under the settings of seven days ago. Only what
    came within the seven days is left out: what stands below the rise is not what made it. Only alternatives that
    differ are worked out.
-#}
with account_days as (
    select * from {{ ref('int_account_days') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

arrivals as (
    select * from {{ ref('int_surge_arrivals') }}
),

setting_sets as (
    select * from {{ ref('int_setting_sets') }}
),

setting_set_types as (
    select * from {{ ref('int_setting_set_types') }}
),

run as (
    select * from {{ ref('int_run') }}
),

surge_days as (
    select
        account_days.tenant_id,
        account_days.account_id,
        account_days.score_day as surge_day
    from account_days
    cross join run
    where account_days.is_surge_day and account_days.score_day between run.as_of_day - 6 and run.as_of_day
),

late_counts as (
    select
        surge_days.tenant_id,
        surge_days.account_id,
        surge_days.surge_day,
        sum(arrivals.import_count) as import_count,
        sum(arrivals.hindsight_count) as hindsight_count
    from surge_days
    inner join arrivals
        on
            surge_days.account_id = arrivals.account_id
            and arrivals.activity_day between surge_days.surge_day - 6 and surge_days.surge_day
    group by surge_days.tenant_id, surge_days.account_id, surge_days.surge_day
),

alternatives as (
    select
        tenant_id,
        account_id,
        surge_day,
        'import' as cause,
        'today' as setting_set,
        0 as leaves_hindsight_out
    from late_counts
    where import_count > 0
    union all
    select
        tenant_id,
        account_id,
        surge_day,
        'identity' as cause,
        'today' as setting_set,
        1 as leaves_hindsight_out
    from late_counts
    where hindsight_count > 0
    union all
    select
        surge_days.tenant_id,
        surge_days.account_id,
        surge_days.surge_day,
        'settings' as cause,
        'earlier' as setting_set,
        1 as leaves_hindsight_out
    from surge_days
    inner join setting_sets
        on surge_days.tenant_id = setting_sets.tenant_id and setting_sets.setting_set = 'earlier'
),

two_days as (
    select
        alternatives.*,
        surge_day as score_day
    from alternatives
    union all
    select
        alternatives.*,
        surge_day - 7 as score_day
    from alternatives
),

days_in_reach as (
    select
        two_days.*,
        setting_sets.window_days,
        setting_sets.points_per_active_developer,
        setting_sets.active_developers_share,
        setting_sets.account_threshold
    from two_days
    inner join setting_sets
        on two_days.tenant_id = setting_sets.tenant_id and two_days.setting_set = setting_sets.setting_set
),

alternative_accounts as (
    select distinct account_id
    from alternatives
),

{# By numbers, which are soon read: ids only of the few accounts that this is about. #}
activity_days as (
    select
        account_numbers.account_id,
        developer_numbers.developer_id,
        activity_days.activity_type,
        activity_days.activity_day,
        activity_days.role_weight,
        activity_days.activity_count
    from alternative_accounts
    inner join account_numbers on alternative_accounts.account_id = account_numbers.account_id
    inner join {{ ref('int_activity_days') }} as activity_days
        on account_numbers.account_number = activity_days.account_number
    left join developer_numbers on activity_days.developer_number = developer_numbers.developer_number
),

kept as (
    select
        days_in_reach.account_id,
        days_in_reach.surge_day,
        days_in_reach.cause,
        days_in_reach.score_day,
        days_in_reach.tenant_id,
        days_in_reach.setting_set,
        days_in_reach.window_days,
        activity_days.developer_id,
        activity_days.activity_type,
        activity_days.activity_day,
        activity_days.role_weight,
        activity_days.activity_count
        - case
            when activity_days.activity_day > days_in_reach.surge_day - 7
                then
                    coalesce(arrivals.import_count, 0)
                    + days_in_reach.leaves_hindsight_out * coalesce(arrivals.hindsight_count, 0)
            else 0
        end as kept_count
    from days_in_reach
    inner join activity_days
        on
            days_in_reach.account_id = activity_days.account_id
            and days_in_reach.score_day >= activity_days.activity_day
            and days_in_reach.score_day - greatest(days_in_reach.window_days, 30) < activity_days.activity_day
    left join arrivals
        on
            activity_days.account_id = arrivals.account_id
            and coalesce(activity_days.developer_id, '') = coalesce(arrivals.developer_id, '')
            and activity_days.activity_type = arrivals.activity_type
            and activity_days.activity_day = arrivals.activity_day
),

weighed as (
    select
        kept.*,
        setting_set_types.source,
        setting_set_types.half_life_days,
        setting_set_types.max_threshold_share,
        setting_set_types.weight * least(kept.kept_count, setting_set_types.daily_cap) as points
    from kept
    inner join setting_set_types
        on
            kept.tenant_id = setting_set_types.tenant_id
            and kept.setting_set = setting_set_types.setting_set
            and kept.activity_type = setting_set_types.activity_type
),

source_points as (
    select
        account_id,
        surge_day,
        cause,
        score_day,
        source,
        max_threshold_share,
        sum(points * role_weight * {{ decay('score_day - activity_day', 'half_life_days') }}) as points
    from weighed
    where activity_day > score_day - window_days
    group by account_id, surge_day, cause, score_day, source, max_threshold_share
),

active_developers as (
    select
        account_id,
        surge_day,
        cause,
        score_day,
        count(distinct developer_id) as developers
    from weighed
    where points > 0 and activity_day > score_day - 30
    group by account_id, surge_day, cause, score_day
),

capped_points as (
    select
        days_in_reach.account_id,
        days_in_reach.surge_day,
        days_in_reach.cause,
        days_in_reach.score_day,
        least(
            source_points.points, source_points.max_threshold_share * days_in_reach.account_threshold
        ) as points
    from days_in_reach
    inner join source_points
        on
            days_in_reach.account_id = source_points.account_id
            and days_in_reach.surge_day = source_points.surge_day
            and days_in_reach.cause = source_points.cause
            and days_in_reach.score_day = source_points.score_day
    union all
    select
        days_in_reach.account_id,
        days_in_reach.surge_day,
        days_in_reach.cause,
        days_in_reach.score_day,
        least(
            days_in_reach.points_per_active_developer * active_developers.developers,
            days_in_reach.active_developers_share * days_in_reach.account_threshold
        ) as points
    from days_in_reach
    inner join active_developers
        on
            days_in_reach.account_id = active_developers.account_id
            and days_in_reach.surge_day = active_developers.surge_day
            and days_in_reach.cause = active_developers.cause
            and days_in_reach.score_day = active_developers.score_day
),

summed as (
    select
        account_id,
        surge_day,
        cause,
        score_day,
        sum(points) as points
    from capped_points
    group by account_id, surge_day, cause, score_day
),

{# Of a day on which nothing is left there is no sum: its score is 0. #}
scored as (
    select
        days_in_reach.account_id,
        days_in_reach.surge_day,
        days_in_reach.cause,
        days_in_reach.score_day,
        {{ round_score('least(100, 100 * coalesce(summed.points, 0) / days_in_reach.account_threshold)') }}
            as activity_score
    from days_in_reach
    left join summed
        on
            days_in_reach.account_id = summed.account_id
            and days_in_reach.surge_day = summed.surge_day
            and days_in_reach.cause = summed.cause
            and days_in_reach.score_day = summed.score_day
),

compared as (
    select
        account_id,
        surge_day,
        cause,
        sum(case when score_day = surge_day then activity_score else 0 end) as activity_score,
        sum(case when score_day <> surge_day then activity_score else 0 end) as score_7d_ago
    from scored
    group by account_id, surge_day, cause
)

select * from compared
