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

redraws as (
    select * from {{ ref('int_developer_redraws') }}
),

developer_accounts as (
    select * from {{ ref('int_developer_accounts') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

{# Put together first: the many days are then joined once, by number. #}
developers as (
    select
        redraws.developer_number,
        redraws.developer_id,
        developer_accounts.account_id,
        thresholds.developer_threshold
    from redraws
    inner join thresholds on redraws.tenant_id = thresholds.tenant_id
    left join developer_accounts on redraws.developer_id = developer_accounts.developer_id
),

scored as (
    select
        developers.developer_id,
        developers.account_id,
        {{ to_date('developer_days.score_day') }} as score_date,
        {{ round_score('least(100, 100 * developer_days.developer_points / developers.developer_threshold)') }}
            as activity_score,
        cast(developer_days.developer_points as {{ type_double() }}) as developer_points
    from developer_days
    inner join developers on developer_days.developer_number = developers.developer_number
),

above_zero as (
    select * from scored
    where activity_score > 0
)

select * from above_zero
