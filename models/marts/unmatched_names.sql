{#-
    What the staging models call by name and no rule knows, and the types that activity_types does not have. Unknown
    names are few where rules exist, and may be as many as the records where an id stands in the name: hence the limit.
-#}
with records as (
    select * from {{ ref('int_activity_records') }}
),

run as (
    select * from {{ ref('int_run') }}
),

activity_types as (
    select * from {{ ref('int_activity_types') }}
),

counted as (
    select
        records.source_system,
        records.activity_type,
        records.unmatched_name,
        sum(records.activity_count) as activity_count,
        min(records.activity_day) as first_day,
        max(records.activity_day) as last_day
    from records
    cross join run
    where
        records.activity_day between run.first_trend_day and run.as_of_day
        and records.rejection_reason is null
        and coalesce(records.exclusion_reason, 'no_campaign_rule') = 'no_campaign_rule'
        and not records.is_bot
    group by records.source_system, records.activity_type, records.unmatched_name
),

-- The name of an event may be an activity type by itself, and needs no rule then.
unknown as (
    select
        counted.source_system,
        coalesce(counted.unmatched_name, 'activity_types:' || counted.activity_type) as unmatched_name,
        activity_types.activity_type,
        counted.activity_count,
        counted.first_day,
        counted.last_day
    from counted
    left join activity_types on counted.activity_type = activity_types.activity_type
    where
        activity_types.activity_type is null
        or coalesce(counted.unmatched_name, 'event_rules:') not like 'event!_rules:%' escape '!'
),

summed as (
    select
        source_system,
        unmatched_name,
        max(activity_type) as activity_type,
        sum(activity_count) as activity_count,
        min(first_day) as first_day,
        max(last_day) as last_day
    from unknown
    where unmatched_name is not null
    group by source_system, unmatched_name
),

ranked as (
    select
        summed.*,
        row_number() over (
            partition by source_system
            order by activity_count desc, unmatched_name asc
        ) as name_rank
    from summed
),

shaped as (
    select
        source_system,
        {#- Written with substring, because DuckDB 2.0.0 fails where a split_part is null throughout. #}
        substring(unmatched_name, 1, position(':' in unmatched_name) - 1) as rules,
        substring(unmatched_name, position(':' in unmatched_name) + 1) as name,
        activity_type,
        cast(activity_count as {{ dbt.type_bigint() }}) as activity_count,
        {{ to_date('first_day') }} as first_activity_on,
        {{ to_date('last_day') }} as last_activity_on
    from ranked
    where name_rank <= 1000
)

select * from shaped
