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

touched as (  -- noqa: ST03
    select distinct
        account_key,
        developer_key
    from {{ ref('int_touched_days') }}
),

spans as (
    select
        activity_days.tenant_id,
        activity_days.account_id,
        activity_days.developer_id,
        min(activity_days.activity_day) as first_day,
        max(activity_days.activity_day) as last_day,
        min(activity_days.first_occurred_at) as first_occurred_at,
        max(activity_days.last_occurred_at) as last_occurred_at
    from activity_days
    {%- if is_incremental() %}
    inner join touched
        on
            coalesce(activity_days.account_id, '') = touched.account_key
            and coalesce(activity_days.developer_id, '') = touched.developer_key
    {%- endif %}
    group by activity_days.tenant_id, activity_days.account_id, activity_days.developer_id
)

select * from spans
