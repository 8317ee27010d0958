-- Every raw record of every activity feed is counted once: the raw tables are counted again, past all models.
with arrived as (
    {%- for system, table in activity_feeds() %}
    select
        '{{ system }}' as source_system,
        count(*) as record_count
    from {{ source(system, table) }}
    union all
    select
        '{{ system }}' as source_system,
        count(*) as record_count
    from {{ source('activity_score', 'unreadable_records') }}
    where
        source_system = '{{ system }}'
        and table_name = '{{ table }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

arrived_by_system as (
    select
        source_system,
        sum(record_count) as record_count
    from arrived
    group by source_system
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
