{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_of_touched_people()) }}",
) }}

{#- When a developer was first and last active at an account; a row each, so that nobody needs to look at all days. -#}
-- depends_on: {{ ref('int_run') }}
with activity_days as (
    select * from {{ ref('int_activity_days') }}
),

touched_days as (
    select * from {{ ref('int_touched_days') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

touched as (  -- noqa: ST03
    select distinct
        account_key,
        developer_key
    from touched_days
),

numbered_spans as (
    select
        activity_days.tenant_id,
        activity_days.account_number,
        activity_days.developer_number,
        min(activity_days.activity_day) as first_day,
        max(activity_days.activity_day) as last_day,
        min(activity_days.first_occurred_at) as first_occurred_at,
        max(activity_days.last_occurred_at) as last_occurred_at
    from activity_days
    {%- if is_incremental() %}
    inner join touched
        on
            coalesce(activity_days.account_number, 0) = touched.account_key
            and coalesce(activity_days.developer_number, 0) = touched.developer_key
    {%- endif %}
    group by activity_days.tenant_id, activity_days.account_number, activity_days.developer_number
),

spans as (
    select
        numbered_spans.tenant_id,
        account_numbers.account_id,
        developer_numbers.developer_id,
        numbered_spans.first_day,
        numbered_spans.last_day,
        numbered_spans.first_occurred_at,
        numbered_spans.last_occurred_at
    from numbered_spans
    left join account_numbers on numbered_spans.account_number = account_numbers.account_number
    left join developer_numbers on numbered_spans.developer_number = developer_numbers.developer_number
)

select * from spans
