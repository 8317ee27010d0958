{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_outdated('first_score_day') }}",
        "{{ delete_redrawn('int_account_score_redraws', 'account_number') }}",
    ],
) }}

{#-
    One account's score for every day from its first activity on. Category, change and surge all read the published
    two-decimal score, so that no two places disagree about a boundary.
    Most accounts of a daily run want the as-of day alone: what it is compared with is found among the days before
    without windows over them.
-#}
with drawn_points as (
    {{ points_to_score() }}
),

redraws as (
    select * from {{ ref('int_account_score_redraws') }}
    where first_activity_day is not null
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

sources as (
    select * from {{ ref('int_sources') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

run as (
    select * from {{ ref('int_run') }}
),

scored_points as (
    select
        drawn_points.account_number,
        drawn_points.score_day,
        sum(drawn_points.engagement_points) as uncapped_points,
        sum(
            least(sources.max_threshold_share * thresholds.account_threshold, drawn_points.engagement_points)
        ) as engagement_points,
        max(case when sources.source = 'active_developers' then drawn_points.activity_count end)
            as active_developers_30d
    from drawn_points
    inner join sources
        on drawn_points.source_number = sources.source_number and sources.party <> 'third'
    inner join redraws on drawn_points.account_number = redraws.account_number
    inner join thresholds on redraws.tenant_id = thresholds.tenant_id
    group by drawn_points.account_number, drawn_points.score_day
),

{# Numbers alone go through the windows, which must hold all the days at once; what an account is called comes last. #}
every_day as (
    select
        redraws.account_number,
        redraws.first_day,
        score_days.score_day,
        thresholds.account_threshold,
        coalesce(scored_points.uncapped_points, 0) as uncapped_points,
        coalesce(scored_points.engagement_points, 0) as engagement_points,
        coalesce(scored_points.active_developers_30d, 0) as active_developers_30d
    from redraws
    inner join score_days
        on greatest(redraws.first_activity_day, redraws.first_day) <= score_days.score_day
    inner join thresholds on redraws.tenant_id = thresholds.tenant_id
    left join scored_points
        on
            redraws.account_number = scored_points.account_number
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
    where first_day < (select max(run.as_of_day) from run)
    union all
    select
        earlier.account_number,
        redraws.first_day,
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
    where redraws.first_day < (select max(run.as_of_day) from run)
    {%- endif %}
),

compared_in_turn as (
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
        coalesce(lag(uncapped_points, 21) over by_day, 0) as uncapped_points_21d_ago,
        false as surged_in_6d
    from scored
    window by_day as (partition by account_number order by score_day)
),

{% if is_incremental() -%}
days_before_today as (
    select
        earlier.account_number,
        run.as_of_day - earlier.score_day as days_ago,
        earlier.activity_score,
        earlier.uncapped_points,
        earlier.is_surge_day
    from {{ this }} as earlier
    inner join run on earlier.score_day between run.as_of_day - 30 and run.as_of_day - 1
),

before_today as (
    select
        account_number,
        max(case when days_ago = 7 then activity_score end) as score_7d_ago,
        max(case when days_ago = 28 then activity_score end) as score_28d_ago,
        max(case when days_ago = 30 then activity_score end) as score_30d_ago,
        max(case when days_ago <= 6 then activity_score end) as highest_score_of_6d,
        max(case when days_ago = 7 then uncapped_points end) as uncapped_points_7d_ago,
        max(case when days_ago = 14 then uncapped_points end) as uncapped_points_14d_ago,
        max(case when days_ago = 21 then uncapped_points end) as uncapped_points_21d_ago,
        max(case when days_ago <= 6 and is_surge_day then 1 else 0 end) as surges_in_6d
    from days_before_today
    where days_ago <= 7 or days_ago in (14, 21, 28, 30)
    group by account_number
),

compared_today as (
    select
        new_days.*,
        coalesce(before_today.score_7d_ago, 0) as score_7d_ago,
        coalesce(before_today.score_28d_ago, 0) as score_28d_ago,
        coalesce(before_today.score_30d_ago, 0) as score_30d_ago,
        coalesce(before_today.highest_score_of_6d, 0) as highest_score_of_6d,
        coalesce(before_today.uncapped_points_7d_ago, 0) as uncapped_points_7d_ago,
        coalesce(before_today.uncapped_points_14d_ago, 0) as uncapped_points_14d_ago,
        coalesce(before_today.uncapped_points_21d_ago, 0) as uncapped_points_21d_ago,
        coalesce(before_today.surges_in_6d, 0) > 0 as surged_in_6d
    from new_days
    inner join run on new_days.first_day = run.as_of_day
    left join before_today on new_days.account_number = before_today.account_number
),
{%- endif %}

compared as (
    select * from compared_in_turn
    {%- if is_incremental() %}
    union all
    select * from compared_today
    {%- endif %}
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
        max(case when is_surge_day or surged_in_6d then 1 else 0 end) over (
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
        flagged.has_activity_surge,
        run.published_at as written_at
    from flagged
    cross join run
    inner join redraws on flagged.account_number = redraws.account_number and flagged.score_day >= redraws.first_day
    inner join thresholds on redraws.tenant_id = thresholds.tenant_id
)

select * from redrawn
