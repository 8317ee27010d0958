{#-
    What stands between the events of the ledger and the score: people who count as active, and what source caps took.
-#}
with account_source_days as (
    select * from {{ ref('int_account_source_days') }}
),

account_days as (
    select * from {{ ref('int_account_days') }}
),

people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

sources as (
    select * from {{ ref('int_sources') }}
),

run as (
    select * from {{ ref('int_run') }}
),

today as (
    select
        account_days.account_id,
        account_days.account_number,
        account_days.tenant_id,
        account_days.account_threshold,
        100 / greatest(account_days.account_threshold, account_days.engagement_points) as score_per_point
    from account_days
    inner join run on account_days.score_day = run.as_of_day
),

breadth as (
    select
        people.account_id,
        'active_developer' as adjustment,
        'active_developers' as source,
        people.developer_id,
        tenants.points_per_active_developer as engagement_points
    from people
    cross join run
    inner join today on people.account_id = today.account_id
    inner join tenants on today.tenant_id = tenants.tenant_id
    where people.last_day > run.as_of_day - 30
),

caps as (
    select
        today.account_id,
        'source_cap' as adjustment,
        sources.source,
        cast(null as {{ dbt.type_string() }}) as developer_id,
        sources.max_threshold_share * today.account_threshold - account_source_days.engagement_points
            as engagement_points
    from account_source_days
    inner join run on account_source_days.score_day = run.as_of_day
    inner join today on account_source_days.account_number = today.account_number
    inner join sources on account_source_days.source_number = sources.source_number
    where
        sources.party <> 'third'
        and account_source_days.engagement_points > sources.max_threshold_share * today.account_threshold
),

adjustments as (
    select * from breadth
    union all
    select * from caps
),

shaped as (
    select
        adjustments.account_id,
        adjustments.adjustment,
        adjustments.source,
        adjustments.developer_id,
        cast(adjustments.engagement_points as {{ type_double() }}) as engagement_points,
        cast(adjustments.engagement_points * today.score_per_point as {{ type_double() }}) as score_points
    from adjustments
    inner join today on adjustments.account_id = today.account_id
)

select * from shaped
