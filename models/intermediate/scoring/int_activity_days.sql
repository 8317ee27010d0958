{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=["{{ delete_past_retention() }}", "{{ delete_rows(is_of_a_touched_day()) }}"],
) }}

{#-
    The frequency rule: of a developer's activities of one type on one day at one account the first `daily_cap` count.
    For the sum it does not matter which ones; the ledger says which. An activity that no account could be found for
    still counts for its developer.
-#}
-- depends_on: {{ ref('int_run') }}, {{ ref('int_touched_days') }}
with touched_activities as (  -- noqa: ST03
    select * from {{ ref('int_touched_activities') }}
),

activities as (
    select * from {{ 'touched_activities' if is_incremental() else ref('int_activities') }}
    where
        exclusion_reason is null
        or (exclusion_reason = 'no_account' and developer_number is not null)
),

activity_types as (
    select * from {{ ref('int_activity_types') }}
),

summed as (
    select
        tenant_id,
        account_number,
        developer_number,
        activity_type,
        activity_day,
        min(role_weight) as role_weight,
        cast(sum(activity_count) as {{ dbt.type_bigint() }}) as activity_count,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at
    from activities
    group by tenant_id, account_number, developer_number, activity_type, activity_day
),

counted as (
    select
        summed.tenant_id,
        summed.account_number,
        summed.developer_number,
        activity_types.source,
        activity_types.source_number,
        activity_types.party,
        summed.activity_type,
        summed.activity_day,
        activity_types.half_life_days,
        summed.role_weight,
        summed.activity_count,
        least(summed.activity_count, activity_types.daily_cap) as counted_count,
        activity_types.weight * least(summed.activity_count, activity_types.daily_cap) as points,
        summed.first_occurred_at,
        summed.last_occurred_at
    from summed
    inner join activity_types on summed.activity_type = activity_types.activity_type
)

select * from counted
