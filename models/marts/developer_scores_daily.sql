{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_outdated('first_trend_day', 'score_date') }}",
        "{{ delete_redrawn('int_developer_redraws', 'developer_id', 'score_date') }}",
    ],
) }}

-- depends_on: {{ ref('int_run') }}
with developer_days as (
    select * from {{ ref('int_developer_days') }}
),

developers as (
    select * from {{ ref('int_developers') }}
),

developer_accounts as (
    select * from {{ ref('int_developer_accounts') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

redraws as (
    select * from {{ ref('int_developer_redraws') }}
),

scored as (
    select
        redraws.developer_id,
        developer_accounts.account_id,
        {{ to_date('developer_days.score_day') }} as score_date,
        {{ round_score('least(100, 100 * developer_days.developer_points / thresholds.developer_threshold)') }}
            as activity_score,
        cast(developer_days.developer_points as {{ type_double() }}) as developer_points
    from developer_days
    inner join redraws on developer_days.developer_number = redraws.developer_number
    inner join developers on redraws.developer_id = developers.developer_id
    inner join thresholds on developers.tenant_id = thresholds.tenant_id
    left join developer_accounts on redraws.developer_id = developer_accounts.developer_id
),

above_zero as (
    select * from scored
    where activity_score > 0
)

select * from above_zero
