{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='developer_id') }}

{#- The account that a developer's whole trend is shown under, and the run that last changed it. -#}
with developers as (
    select * from {{ ref('int_developers') }}
),

developer_accounts as (
    select * from {{ ref('int_developer_accounts') }}
),

run as (
    select * from {{ ref('int_run') }}
),

states as (
    select
        developers.developer_id,
        developers.tenant_id,
        developer_accounts.account_id,
        run.published_at as changed_at
    from developers
    cross join run
    left join developer_accounts on developers.developer_id = developer_accounts.developer_id
),

changed as (
    select states.*
    from states
    {%- if is_incremental() %}
    left join {{ this }} as known on states.developer_id = known.developer_id
    where known.developer_id is null or coalesce(known.account_id, '') <> coalesce(states.account_id, '')
    {%- endif %}
)

select * from changed
