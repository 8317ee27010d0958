{#-
    What a salesperson would mention, of the days of the trend. What one person did several times on a day on one page
    is one line. The day comes first: of the ledger only these days are read.
-#}
with run as (
    select * from {{ ref('int_run') }}
),

meaningful_types as (
    select
        activity_types.activity_type,
        activity_types.display_name,
        activity_types.headline,
        activity_types.intent_level,
        activity_types.source,
        sources.party
    from {{ ref('activity_types') }} as activity_types
    inner join {{ ref('sources') }} as sources on activity_types.source = sources.source
    where activity_types.is_meaningful
),

{# What belongs to a type is joined to the lines, of which there are fewer. #}
activities as (
    select
        ledger.account_id,
        ledger.tenant_id,
        ledger.developer_id,
        ledger.source_system,
        ledger.activity_type,
        ledger.activity_id,
        ledger.occurred_at,
        ledger.activity_count,
        ledger.url
    from {{ ref('activity_ledger') }} as ledger
    cross join run
    inner join meaningful_types on ledger.activity_type = meaningful_types.activity_type
    where
        ledger.occurred_at >= {{ to_date('run.first_trend_day') }}
        and ledger.occurred_at < {{ to_date('run.as_of_day + 1') }}
        and ledger.disposition <> 'excluded'
        and ledger.account_id is not null
),

developers as (
    select
        developer_id,
        display_name,
        job_title
    from {{ ref('developers') }}
),

{# An address is cleaned once, however many were there. #}
urls as (
    select distinct url
    from activities
    where url is not null
),

public_urls as (
    select
        url,
        {{ public_url('url') }} as public_url
    from urls
),

lines as (
    select
        activities.account_id,
        activities.developer_id,
        activities.source_system,
        activities.activity_type,
        public_urls.public_url,
        {{ to_day('activities.occurred_at') }} as activity_day,
        min(activities.tenant_id) as tenant_id,
        max(activities.occurred_at) as occurred_at,
        min(activities.activity_id) as activity_id,
        sum(activities.activity_count) as activity_count
    from activities
    left join public_urls on activities.url = public_urls.url
    group by
        activities.account_id,
        activities.developer_id,
        activities.source_system,
        activities.activity_type,
        public_urls.public_url,
        {{ to_day('activities.occurred_at') }}
),

shaped as (
    select
        lines.account_id,
        lines.tenant_id,
        lines.developer_id,
        developers.display_name,
        developers.job_title,
        lines.occurred_at,
        lines.activity_type,
        meaningful_types.display_name as activity_name,
        meaningful_types.headline
        || case
            when lines.activity_count > 1
                then ' (' || {{ counted('lines.activity_count', 'time', 'times') }} || ')'
            else ''
        end as headline,
        lines.public_url as url,
        meaningful_types.intent_level,
        meaningful_types.source,
        meaningful_types.party,
        cast(lines.activity_count as {{ dbt.type_bigint() }}) as activity_count,
        lines.source_system,
        lines.activity_id
    from lines
    inner join meaningful_types on lines.activity_type = meaningful_types.activity_type
    left join developers on lines.developer_id = developers.developer_id
)

select * from shaped
