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
    where developer_number is not null
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

source_points as (
    select
        activity_days.developer_number,
        activity_days.source,
        sum(
            activity_days.points
            * {{ decay('run.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }}
        ) as points
    from activity_days
    cross join run
    inner join tenants on activity_days.tenant_id = tenants.tenant_id
    where
        activity_days.party <> 'third'
        and activity_days.activity_day > run.as_of_day - tenants.window_days
        and activity_days.activity_day <= run.as_of_day
    group by activity_days.developer_number, activity_days.source
),

ranked_sources as (
    select
        developer_number,
        source,
        row_number() over (partition by developer_number order by points desc, source asc) as source_rank
    from source_points
    where points > 0
),

scores_today as (
    select
        developer_scores.developer_id,
        developer_scores.activity_score
    from developer_scores
    inner join run on developer_scores.score_date = run.as_of_date
),

scored as (
    select
        developers.*,
        developer_numbers.developer_number,
        cast(coalesce(scores_today.activity_score, 0) as decimal(5, 2)) as activity_score
    from developers
    left join developer_numbers on developers.developer_id = developer_numbers.developer_id
    left join scores_today on developers.developer_id = scores_today.developer_id
),

shaped as (
    select
        scored.developer_id,
        scored.tenant_id,
        developer_accounts.account_id,
        scored.display_name,
        scored.email,
        scored.github_login,
        scored.job_title,
        scored.developer_tags,
        cast(scored.role_weight as {{ type_double() }}) as role_weight,
        scored.is_buyer,
        scored.activity_score,
        {{ score_category('scored.activity_score') }} as activity_category,
        activity_spans.first_activity_at,
        activity_spans.last_activity_at,
        ranked_sources.source as top_source,
        run.as_of_date
    from scored
    cross join run
    cross join bands
    left join developer_accounts on scored.developer_id = developer_accounts.developer_id
    left join activity_spans on scored.developer_id = activity_spans.developer_id
    left join ranked_sources
        on scored.developer_number = ranked_sources.developer_number and ranked_sources.source_rank = 1
)

select * from shaped
