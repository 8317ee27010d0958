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
        sources.party
    from {{ ref('activity_types') }} as activity_types
    inner join {{ ref('sources') }} as sources on activity_types.source = sources.source
    where activity_types.is_meaningful
),

activities as (
    select
        ledger.account_id,
        ledger.tenant_id,
        ledger.developer_id,
        ledger.source_system,
        ledger.source,
        ledger.activity_type,
        ledger.intent_level,
        ledger.activity_id,
        ledger.occurred_at,
        ledger.activity_count,
        ledger.url
    from {{ ref('activity_ledger') }} as ledger
    cross join run
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

meaningful as (
    select
        activities.*,
        meaningful_types.display_name as activity_name,
        meaningful_types.headline,
        meaningful_types.party
    from activities
    inner join meaningful_types on activities.activity_type = meaningful_types.activity_type
),

{# An address is cleaned once, however many were there. #}
urls as (
    select distinct url
    from meaningful
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
        meaningful.account_id,
        meaningful.tenant_id,
        meaningful.developer_id,
        meaningful.source_system,
        meaningful.source,
        meaningful.party,
        meaningful.activity_type,
        meaningful.activity_name,
        meaningful.intent_level,
        meaningful.headline,
        public_urls.public_url,
        {{ to_day('meaningful.occurred_at') }} as activity_day,
        max(meaningful.occurred_at) as occurred_at,
        min(meaningful.activity_id) as activity_id,
        sum(meaningful.activity_count) as activity_count
    from meaningful
    left join public_urls on meaningful.url = public_urls.url
    group by
        meaningful.account_id,
        meaningful.tenant_id,
        meaningful.developer_id,
        meaningful.source_system,
        meaningful.source,
        meaningful.party,
        meaningful.activity_type,
        meaningful.activity_name,
        meaningful.intent_level,
        meaningful.headline,
        public_urls.public_url,
        {{ to_day('meaningful.occurred_at') }}
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
        lines.activity_name,
        lines.headline
        || case
            when lines.activity_count > 1
                then ' (' || {{ counted('lines.activity_count', 'time', 'times') }} || ')'
            else ''
        end as headline,
        lines.public_url as url,
        lines.intent_level,
        lines.source,
        lines.party,
        cast(lines.activity_count as {{ dbt.type_bigint() }}) as activity_count,
        lines.source_system,
        lines.activity_id
    from lines
    left join developers on lines.developer_id = developers.developer_id
)

select * from shaped
