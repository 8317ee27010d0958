{#-
    The frequency rule: of a developer's activities of one type on one day at one account the first `daily_cap` count.
    For the sum it does not matter which ones; the ledger says which. An activity that no account could be found for
    still counts for its developer.
-#}
with activities as (
    select * from {{ ref('int_activities') }}
    where
        exclusion_reason is null
        or (exclusion_reason = 'no_account' and developer_id is not null)
),

counted as (
    select
        tenant_id,
        account_id,
        developer_id,
        source,
        activity_type,
        activity_day,
        min(party) as party,
        min(weight) as weight,
        min(half_life_days) as half_life_days,
        cast(sum(activity_count) as {{ dbt.type_bigint() }}) as activity_count,
        min(daily_cap) as daily_cap,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at
    from activities
    group by tenant_id, account_id, developer_id, source, activity_type, activity_day
)

select
    tenant_id,
    account_id,
    developer_id,
    source,
    party,
    activity_type,
    activity_day,
    half_life_days,
    activity_count,
    least(activity_count, daily_cap) as counted_count,
    weight * least(activity_count, daily_cap) as points,
    first_occurred_at,
    last_occurred_at
from counted
