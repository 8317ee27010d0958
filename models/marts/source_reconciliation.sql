{#-
    Every raw record of an activity feed is in exactly one of these rows; the test reconciliation_adds_up counts the raw
    tables again.
-#}
with unreadable as (
    select * from {{ source('activity_score', 'unreadable_records') }}
),

records as (
    select * from {{ ref('int_activity_records') }}
),

ledger as (
    select * from {{ ref('activity_ledger') }}
),

retired as (
    select * from {{ ref('int_retired_records') }}
),

activity_feeds as (
    {%- for system, table in activity_feeds() %}
    select
        '{{ system }}' as source_system,
        '{{ table }}' as table_name
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

dispositions as (
    select
        unreadable.source_system,
        'rejected' as disposition,
        'unreadable_line' as disposition_reason,
        count(*) as record_count
    from unreadable
    inner join activity_feeds
        on
            unreadable.source_system = activity_feeds.source_system
            and unreadable.table_name = activity_feeds.table_name
    group by unreadable.source_system
    union all
    select
        source_system,
        case when rejection_reason is not null then 'rejected' else 'excluded' end as disposition,
        coalesce(rejection_reason, exclusion_reason) as disposition_reason,
        count(*) as record_count
    from records
    where rejection_reason is not null or exclusion_reason is not null
    group by
        source_system,
        case when rejection_reason is not null then 'rejected' else 'excluded' end,
        coalesce(rejection_reason, exclusion_reason)
    union all
    select
        source_system,
        disposition,
        case when disposition = 'excluded' then disposition_reason end as disposition_reason,
        count(*) as record_count
    from ledger
    group by
        source_system,
        disposition,
        case when disposition = 'excluded' then disposition_reason end
    union all
    select
        source_system,
        'excluded' as disposition,
        'past_retention' as disposition_reason,
        sum(record_count) as record_count
    from retired
    group by source_system
),

shaped as (
    select
        source_system,
        disposition,
        disposition_reason,
        cast(record_count as {{ dbt.type_bigint() }}) as record_count
    from dispositions
)

select * from shaped
