with developers as (
    select * from {{ ref('int_developers') }}
    where not is_bot and not is_internal and not is_opted_out
),

developer_accounts as (
    select * from {{ ref('int_developer_accounts') }}
),

developer_scores as (
    select * from {{ ref('developer_scores_daily') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

activity_days as (
    select * from {{ ref('int_activity_days') }}
    where developer_number is not null and party <> 'third' and points > 0
),

spans as (
    select * from {{ ref('int_activity_spans') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

run as (
    select * from {{ ref('int_run') }}
),

bands as (
    {{ score_bands_in_a_row() }}
),

activity_spans as (
    select
        developer_id,
        min(first_occurred_at) as first_activity_at,
        max(last_occurred_at) as last_activity_at
    from spans
    group by developer_id
),

windows as (
    select
        tenants.tenant_id,
        run.as_of_day,
        run.as_of_day - tenants.window_days + 1 as first_day
    from tenants
    cross join run
),

source_points as (
    select
        activity_days.developer_number,
        activity_days.source,
        sum(
            activity_days.points
            * {{ decay('windows.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }}
        ) as points
    from activity_days
    inner join windows
        on
            activity_days.tenant_id = windows.tenant_id
            and activity_days.activity_day >= windows.first_day
            and activity_days.activity_day <= windows.as_of_day
    group by activity_days.developer_number, activity_days.source
),

most_points as (
    select
        developer_number,
        max(points) as points
    from source_points
    group by developer_number
),

top_sources as (
    select
        source_points.developer_number,
        min(source_points.source) as source
    from source_points
    inner join most_points
        on
            source_points.developer_number = most_points.developer_number
            and source_points.points = most_points.points
    group by source_points.developer_number
),

scores_today as (
    select
        developer_scores.developer_id,
        developer_scores.activity_score
    from developer_scores
    inner join run on developer_scores.score_date = run.as_of_date
),

{# What is known of each comes together by itself first: the wide rows are then held by one join, not by five. #}
facts as (
    select
        developer_numbers.developer_id,
        developer_accounts.account_id,
        scores_today.activity_score,
        activity_spans.first_activity_at,
        activity_spans.last_activity_at,
        top_sources.source as top_source
    from developer_numbers
    left join developer_accounts on developer_numbers.developer_id = developer_accounts.developer_id
    left join scores_today on developer_numbers.developer_id = scores_today.developer_id
    left join activity_spans on developer_numbers.developer_id = activity_spans.developer_id
    left join top_sources on developer_numbers.developer_number = top_sources.developer_number
),

scored as (
    select
        developers.*,
        facts.account_id,
        cast(coalesce(facts.activity_score, 0) as decimal(5, 2)) as activity_score,
        facts.first_activity_at,
        facts.last_activity_at,
        facts.top_source
    from developers
    left join facts on developers.developer_id = facts.developer_id
),

shaped as (
    select
        scored.developer_id,
        scored.tenant_id,
        scored.account_id,
        scored.display_name,
        scored.email,
        scored.github_login,
        scored.job_title,
        scored.developer_tags,
        cast(scored.role_weight as {{ type_double() }}) as role_weight,
        scored.is_buyer,
        scored.activity_score,
        {{ score_category('scored.activity_score') }} as activity_category,
        scored.first_activity_at,
        scored.last_activity_at,
        scored.top_source,
        run.as_of_date
    from scored
    cross join run
    cross join bands
)

select * from shaped
