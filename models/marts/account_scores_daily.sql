{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_outdated('first_trend_day', 'score_date') }}",
        "{{ delete_redrawn('int_account_score_redraws', 'account_id', 'score_date') }}",
    ],
) }}

with account_days as (
    {{ written_rows('int_account_days') }}
),

run as (
    select * from {{ ref('int_run') }}
),

bands as (
    {{ score_bands_in_a_row() }}
),

shaped as (
    select
        account_days.account_id,
        account_days.score_date,
        account_days.activity_score,
        {{ score_category('account_days.activity_score') }} as activity_category,
        cast(account_days.engagement_points as {{ type_double() }}) as engagement_points,
        cast(account_days.uncapped_points as {{ type_double() }}) as uncapped_points,
        cast(account_days.activity_score - account_days.score_7d_ago as decimal(5, 2)) as score_change_7d,
        account_days.is_surge_day,
        account_days.has_activity_surge,
        cast(account_days.active_developers_30d as {{ dbt.type_bigint() }}) as active_developers_30d,
        account_days.model_version
    from account_days
    cross join run
    cross join bands
    where account_days.score_day >= run.first_trend_day
)

select * from shaped
