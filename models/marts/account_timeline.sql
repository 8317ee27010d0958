{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_of_a_retold_day()) }}",
    post_hook="{{ name_people_anew() }}",
) }}

{#-
    What a salesperson would mention, of the days of the trend. What one person did several times on a day on one page
    is one line. The day comes first: of the activities only these days are read.
    A later run replaces the days that were touched, and drops those that have left the trend.
-#}
-- depends_on: {{ ref('int_touched_days') }}, {{ ref('int_touched_developers') }}
with run as (
    select * from {{ ref('int_run') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

touched_activities as (  -- noqa: ST03
    select * from {{ ref('int_touched_activities') }}
),

meaningful_types as (
    select
        row_number() over (order by activity_types.activity_type) as type_number,
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

{# A list to join to: a condition on the day DuckDB takes to leave so few lines that it hashes them, and not people. #}
trend_days as (
    select distinct greatest(score_days.score_day, run.first_trend_day) as trend_day
    from score_days
    cross join run
),

{# Texts are summed up by their numbers; what belongs to a type is joined to the lines, of which there are fewer. #}
activities as (
    select
        all_activities.account_number,
        all_activities.tenant_id,
        all_activities.developer_number,
        all_activities.source_system,
        meaningful_types.type_number,
        all_activities.activity_id,
        all_activities.activity_day,
        all_activities.occurred_at,
        all_activities.activity_count,
        all_activities.url
    from {{ 'touched_activities' if is_incremental() else ref('int_activities') }} as all_activities
    inner join trend_days on all_activities.activity_day = trend_days.trend_day
    inner join meaningful_types on all_activities.activity_type = meaningful_types.activity_type
    where all_activities.exclusion_reason is null
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

developers as (
    select * from {{ ref('developers') }}
),

people as (
    select
        developer_numbers.developer_number,
        developer_numbers.developer_id,
        developers.display_name,
        developers.job_title
    from developer_numbers
    left join developers on developer_numbers.developer_id = developers.developer_id
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

pages as (
    select
        url,
        public_url,
        case when public_url is not null then dense_rank() over (order by public_url) end as page_number
    from public_urls
),

numbered_pages as (
    select distinct
        page_number,
        public_url
    from pages
),

lines as (
    select
        activities.account_number,
        activities.developer_number,
        activities.source_system,
        activities.type_number,
        pages.page_number,
        activities.activity_day,
        min(activities.tenant_id) as tenant_id,
        max(activities.occurred_at) as occurred_at,
        min(activities.activity_id) as activity_id,
        sum(activities.activity_count) as activity_count
    from activities
    left join pages on activities.url = pages.url
    group by
        activities.account_number,
        activities.developer_number,
        activities.source_system,
        activities.type_number,
        pages.page_number,
        activities.activity_day
),

shaped as (
    select
        account_numbers.account_id,
        lines.tenant_id,
        people.developer_id,
        people.display_name,
        people.job_title,
        lines.occurred_at,
        meaningful_types.activity_type,
        meaningful_types.display_name as activity_name,
        meaningful_types.headline
        || case
            when lines.activity_count > 1
                then ' (' || {{ counted('lines.activity_count', 'time', 'times') }} || ')'
            else ''
        end as headline,
        numbered_pages.public_url as url,
        meaningful_types.intent_level,
        meaningful_types.source,
        meaningful_types.party,
        cast(lines.activity_count as {{ dbt.type_bigint() }}) as activity_count,
        lines.source_system,
        lines.activity_id
    from lines
    inner join meaningful_types on lines.type_number = meaningful_types.type_number
    inner join account_numbers on lines.account_number = account_numbers.account_number
    left join people on lines.developer_number = people.developer_number
    left join numbered_pages on lines.page_number = numbered_pages.page_number
)

select * from shaped
