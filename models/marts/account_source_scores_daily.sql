{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_rows(is_outdated('first_trend_day', to_day('model_rows.score_date'))) }}",
        "{{ delete_rows(is_redrawn('int_account_score_redraws', 'account_id', to_day('model_rows.score_date'))) }}",
    ],
) }}

with account_source_days as (
    select * from {{ ref('int_account_source_days') }}
),

run as (
    select * from {{ ref('int_run') }}
),

redraws as (
    select * from {{ ref('int_account_score_redraws') }}
),

sources as (
    select * from {{ ref('sources') }}
),

{# The days are limited here, not at the sources: the joined side that is known to be smaller is the one hashed. #}
drawn as (
    select
        redraws.account_id,
        account_days.account_number,
        account_days.score_day,
        account_days.account_threshold,
        account_days.engagement_points
    from {{ ref('int_account_days') }} as account_days
    inner join run on account_days.score_day >= run.first_trend_day
    inner join redraws
        on account_days.account_number = redraws.account_number and account_days.score_day >= redraws.first_day
),

contributions as (
    select
        drawn.account_id,
        {{ to_date('account_source_days.score_day') }} as score_date,
        account_source_days.source,
        account_source_days.activity_count,
        cast(account_source_days.engagement_points as {{ type_double() }}) as engagement_points,
        cast(
            100
            * least(sources.max_threshold_share * drawn.account_threshold, account_source_days.engagement_points)
            / greatest(drawn.account_threshold, drawn.engagement_points)
            as {{ type_double() }}
        ) as score_contribution
    from account_source_days
    inner join drawn
        on
            account_source_days.account_number = drawn.account_number
            and account_source_days.score_day = drawn.score_day
    inner join sources on account_source_days.source = sources.source
    where sources.party <> 'third'
)

select * from contributions
