-- Every raw record of every activity feed is counted once, as often as the loader counted it, past all models.
with arrived as (
    {{ arrived_record_counts() }}
    union all
    select
        source_system,
        table_name,
        cast(1 as {{ dbt.type_bigint() }}) as record_count
    from {{ source('activity_score', 'unreadable_records') }}
),

activity_feeds as (
    {%- for system, table in activity_feeds() %}
    select
        '{{ system }}' as source_system,
        '{{ table }}' as table_name
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

arrived_by_system as (
    select
        arrived.source_system,
        sum(arrived.record_count) as record_count
    from arrived
    inner join activity_feeds
        on arrived.source_system = activity_feeds.source_system and arrived.table_name = activity_feeds.table_name
    group by arrived.source_system
),

reconciled as (
    select
        source_system,
        sum(record_count) as record_count
    from {{ ref('source_reconciliation') }}
    group by source_system
)

select
    arrived_by_system.source_system,
    arrived_by_system.record_count,
    reconciled.record_count as reconciled_count
from arrived_by_system
left join reconciled on arrived_by_system.source_system = reconciled.source_system
where arrived_by_system.record_count <> coalesce(reconciled.record_count, 0)
