{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_outdated('first_trend_day', 'score_date') }}",
        "{{ delete_redrawn('int_account_score_redraws', 'account_id', 'score_date') }}",
    ],
) }}

with drawn_points as (
    {{ points_to_score() }}
),

drawn_days as (
    {{ written_rows('int_account_days') }}
),

run as (
    select * from {{ ref('int_run') }}
),

sources as (
    select * from {{ ref('int_sources') }}
),

{# The days are limited here, not at the sources: the joined side that is known to be smaller is the one hashed. #}
trend as (
    select
        drawn_days.account_id,
        drawn_days.account_number,
        drawn_days.score_day,
        drawn_days.account_threshold,
        drawn_days.engagement_points
    from drawn_days
    inner join run on drawn_days.score_day >= run.first_trend_day
),

contributions as (
    select
        trend.account_id,
        {{ to_date('drawn_points.score_day') }} as score_date,
        sources.source,
        drawn_points.activity_count,
        cast(drawn_points.engagement_points as {{ type_double() }}) as engagement_points,
        cast(
            100
            * least(sources.max_threshold_share * trend.account_threshold, drawn_points.engagement_points)
            / greatest(trend.account_threshold, trend.engagement_points)
            as {{ type_double() }}
        ) as score_contribution
    from drawn_points
    inner join trend
        on
            drawn_points.account_number = trend.account_number
            and drawn_points.score_day = trend.score_day
    inner join sources on drawn_points.source_number = sources.source_number
    where sources.party <> 'third'
)

select * from contributions
