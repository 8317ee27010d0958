{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_rows(is_outdated('first_score_day')) }}",
        "{{ delete_rows(is_redrawn('int_account_score_redraws', 'account_number')) }}",
    ],
) }}

{#-
    One account's score for every day from its first activity on. Category, change and surge all read the published
    two-decimal score, so that no two places disagree about a boundary.
-#}
with account_source_days as (
    select * from {{ ref('int_account_source_days') }}
),

spans as (
    select * from {{ ref('int_activity_spans') }}
),

redraws as (
    select * from {{ ref('int_account_score_redraws') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

sources as (
    select * from {{ ref('sources') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

first_days as (
    select
        redraws.tenant_id,
        redraws.account_id,
        redraws.account_number,
        redraws.first_day,
        min(spans.first_day) as first_activity_day
    from redraws
    inner join spans on redraws.account_id = spans.account_id
    group by redraws.tenant_id, redraws.account_id, redraws.account_number, redraws.first_day
),

scored_points as (
    select
        account_source_days.account_number,
        account_source_days.score_day,
        sum(account_source_days.engagement_points) as uncapped_points,
        sum(
            least(sources.max_threshold_share * thresholds.account_threshold, account_source_days.engagement_points)
        ) as engagement_points,
        max(case when account_source_days.source = 'active_developers' then account_source_days.activity_count end)
            as active_developers_30d
    from account_source_days
    inner join sources
        on account_source_days.source = sources.source and sources.party <> 'third'
    inner join first_days
        on
            account_source_days.account_number = first_days.account_number
            and account_source_days.score_day >= first_days.first_day
    inner join thresholds on first_days.tenant_id = thresholds.tenant_id
    group by account_source_days.account_number, account_source_days.score_day
),

{# Numbers alone go through the windows, which must hold all the days at once; what an account is called comes last. #}
every_day as (
    select
        first_days.account_number,
        score_days.score_day,
        thresholds.account_threshold,
        coalesce(scored_points.uncapped_points, 0) as uncapped_points,
        coalesce(scored_points.engagement_points, 0) as engagement_points,
        coalesce(scored_points.active_developers_30d, 0) as active_developers_30d
    from first_days
    inner join score_days
        on greatest(first_days.first_activity_day, first_days.first_day) <= score_days.score_day
    inner join thresholds on first_days.tenant_id = thresholds.tenant_id
    left join scored_points
        on
            first_days.account_number = scored_points.account_number
            and score_days.score_day = scored_points.score_day
),

unrounded as (
    select
        every_day.*,
        least(100, 100 * engagement_points / account_threshold) as unrounded_score
    from every_day
),

new_days as (
    select
        unrounded.*,
        {{ round_score('unrounded_score') }} as activity_score,
        cast(null as boolean) as was_surge_day
    from unrounded
),

{# The days before, as far back as a day is compared with. #}
scored as (
    select * from new_days
    {%- if is_incremental() %}
    union all
    select
        earlier.account_number,
        earlier.score_day,
        earlier.account_threshold,
        earlier.uncapped_points,
        earlier.engagement_points,
        earlier.active_developers_30d,
        earlier.unrounded_score,
        earlier.activity_score,
        earlier.is_surge_day as was_surge_day
    from {{ this }} as earlier
    inner join redraws
        on
            earlier.account_number = redraws.account_number
            and earlier.score_day between redraws.first_day - 30 and redraws.first_day - 1
    {%- endif %}
),

compared as (
    select
        scored.*,
        {#- Before its first day an account's score was 0. #}
        coalesce(lag(activity_score, 7) over by_day, 0) as score_7d_ago,
        coalesce(lag(activity_score, 28) over by_day, 0) as score_28d_ago,
        coalesce(lag(activity_score, 30) over by_day, 0) as score_30d_ago,
        coalesce(
            max(activity_score) over (
                partition by account_number
                order by score_day
                rows between 6 preceding and 1 preceding
            ), 0
        ) as highest_score_of_6d,
        coalesce(lag(uncapped_points, 7) over by_day, 0) as uncapped_points_7d_ago,
        coalesce(lag(uncapped_points, 14) over by_day, 0) as uncapped_points_14d_ago,
        coalesce(lag(uncapped_points, 21) over by_day, 0) as uncapped_points_21d_ago
    from scored
    window by_day as (partition by account_number order by score_day)
),

surging as (
    select
        compared.*,
        coalesce(was_surge_day, activity_score - score_7d_ago > 40 and activity_score > highest_score_of_6d)
            as is_surge_day
    from compared
),

flagged as (
    select
        surging.*,
        max(case when is_surge_day then 1 else 0 end) over (
            partition by account_number
            order by score_day
            rows between 6 preceding and current row
        ) = 1 as has_activity_surge
    from surging
),

redrawn as (
    select
        redraws.tenant_id,
        redraws.account_id,
        flagged.account_number,
        flagged.score_day,
        {{ to_date('flagged.score_day') }} as score_date,
        thresholds.model_version,
        flagged.account_threshold,
        flagged.uncapped_points,
        flagged.engagement_points,
        flagged.active_developers_30d,
        flagged.unrounded_score,
        flagged.activity_score,
        flagged.highest_score_of_6d,
        flagged.score_7d_ago,
        flagged.score_28d_ago,
        flagged.score_30d_ago,
        flagged.uncapped_points_7d_ago,
        flagged.uncapped_points_14d_ago,
        flagged.uncapped_points_21d_ago,
        flagged.is_surge_day,
        flagged.has_activity_surge
    from flagged
    inner join redraws on flagged.account_number = redraws.account_number and flagged.score_day >= redraws.first_day
    inner join thresholds on redraws.tenant_id = thresholds.tenant_id
)

select * from redrawn
