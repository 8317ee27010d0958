{#-
    Why a score is not what it was seven days ago, in parts that add up exactly (docs/explain.md). Below its limits a
    score is 100 / T times its points, so each part is worked out in points and written in score points; what the
    limits changed (a source's cap, the 100) stands beside it. All of it under today's data and settings, but for
    `restated`: what the score of seven days ago is today, less what was published then.
-#}
with accounts as (
    select * from {{ ref('int_accounts') }}
),

account_days as (
    select * from {{ ref('int_account_days') }}
),

people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

sources as (
    select * from {{ ref('int_sources') }}
    where party <> 'third'
),

publications as (
    select * from {{ ref('score_publications') }}
),

run as (
    select
        as_of_date,
        published_at,
        as_of_day,
        as_of_day - 7 as week_ago_day,
        {{ to_date('as_of_day - 7') }} as week_ago_date
    from {{ ref('int_run') }}
),

compared_days as (
    select as_of_day as score_day from run
    union all
    select week_ago_day as score_day from run
),

scales as (
    select
        accounts.account_id,
        accounts.account_number,
        thresholds.account_threshold,
        100 / thresholds.account_threshold as score_per_point,
        tenants.points_per_active_developer
    from accounts
    inner join thresholds on accounts.tenant_id = thresholds.tenant_id
    inner join tenants on accounts.tenant_id = tenants.tenant_id
),

windows as (
    select
        tenants.tenant_id,
        run.as_of_day,
        run.week_ago_day,
        greatest(run.week_ago_day, run.as_of_day - tenants.window_days) + 1 as first_new_day,
        run.week_ago_day - tenants.window_days + 1 as first_left_day,
        least(run.week_ago_day, run.as_of_day - tenants.window_days) as last_left_day
    from tenants
    cross join run
),

{# What came within the week, as it counts today, and what left the window, as it counted a week ago. #}
points_of_the_week as (
    select
        activity_days.account_number,
        activity_days.source,
        activity_days.points * activity_days.role_weight
        * {{ decay('windows.as_of_day - activity_days.activity_day', 'activity_days.half_life_days') }} as new_points,
        0 as left_points
    from {{ ref('int_activity_days') }} as activity_days
    inner join windows
        on
            activity_days.tenant_id = windows.tenant_id
            and activity_days.activity_day >= windows.first_new_day
            and activity_days.activity_day <= windows.as_of_day
    where activity_days.account_number is not null and activity_days.party <> 'third' and activity_days.points > 0
    union all
    select
        activity_days.account_number,
        activity_days.source,
        0 as new_points,
        activity_days.points * activity_days.role_weight
        * {{ decay('windows.week_ago_day - activity_days.activity_day', 'activity_days.half_life_days') }}
            as left_points
    from {{ ref('int_activity_days') }} as activity_days
    inner join windows
        on
            activity_days.tenant_id = windows.tenant_id
            and activity_days.activity_day >= windows.first_left_day
            and activity_days.activity_day <= windows.last_left_day
    where activity_days.account_number is not null and activity_days.party <> 'third' and activity_days.points > 0
),

week_points as (
    select
        account_number,
        source,
        sum(new_points) as new_points,
        sum(left_points) as left_points
    from points_of_the_week
    group by account_number, source
),

active_developers as (
    select
        people.account_id,
        case when people.last_day > run.as_of_day - 30 then 1 else 0 end as is_active,
        case when people.last_day_a_week_ago > run.week_ago_day - 30 then 1 else 0 end as was_active
    from people
    cross join run
    where people.last_day > run.week_ago_day - 30
),

changed_developers as (
    select
        account_id,
        sum(is_active * (1 - was_active)) as joined_developers,
        sum(was_active * (1 - is_active)) as left_developers
    from active_developers
    group by account_id
),

breadth_parts as (
    select
        scales.account_id,
        'active_developers' as source,
        scales.score_per_point * scales.points_per_active_developer as score_per_developer,
        changed_developers.joined_developers,
        changed_developers.left_developers
    from changed_developers
    inner join scales on changed_developers.account_id = scales.account_id
),

points_of_two_days as (
    select
        account_source_days.account_number,
        account_source_days.source_number,
        account_source_days.engagement_points as points,
        0 as points_7d_ago
    from {{ ref('int_account_source_days') }} as account_source_days
    inner join run on account_source_days.score_day = run.as_of_day
    union all
    select
        account_source_days.account_number,
        account_source_days.source_number,
        0 as points,
        account_source_days.engagement_points as points_7d_ago
    from {{ ref('int_account_source_days') }} as account_source_days
    inner join run on account_source_days.score_day = run.week_ago_day
),

source_points as (
    select
        account_number,
        source_number,
        sum(points) as points,
        sum(points_7d_ago) as points_7d_ago
    from points_of_two_days
    group by account_number, source_number
),

source_parts as (
    select
        scales.account_id,
        sources.source,
        scales.score_per_point,
        coalesce(week_points.new_points, 0) as new_points,
        coalesce(week_points.left_points, 0) as left_points,
        {#- The breadth term has no half-life: a developer counts in full or not at all. #}
        case
            when sources.half_life_days is not null
                then
                    greatest(source_points.points_7d_ago - coalesce(week_points.left_points, 0), 0)
                    * (1 - {{ decay('7', 'sources.half_life_days') }})
            else 0
        end as faded_points,
        greatest(source_points.points - sources.max_threshold_share * scales.account_threshold, 0)
        - greatest(source_points.points_7d_ago - sources.max_threshold_share * scales.account_threshold, 0)
            as more_points_over_cap
    from source_points
    inner join scales on source_points.account_number = scales.account_number
    inner join sources on source_points.source_number = sources.source_number
    left join week_points
        on
            source_points.account_number = week_points.account_number
            and sources.source = week_points.source
),

account_parts as (
    select
        account_days.account_id,
        sum(case when account_days.score_day = run.week_ago_day then account_days.activity_score else 0 end)
            as score_7d_ago,
        sum(
            case when account_days.score_day = run.as_of_day then 1 else -1 end
            * greatest(100 * account_days.engagement_points / account_days.account_threshold - 100, 0)
        ) as more_above_100,
        sum(
            case when account_days.score_day = run.as_of_day then 1 else -1 end
            * (account_days.activity_score - account_days.unrounded_score)
        ) as more_rounding
    from account_days
    inner join compared_days on account_days.score_day = compared_days.score_day
    cross join run
    group by account_days.account_id
),

ranked_publications as (
    select
        publications.account_id,
        publications.activity_score,
        row_number() over (
            partition by publications.account_id
            order by publications.published_at desc
        ) as recency
    from publications
    inner join run on publications.as_of_date = run.week_ago_date
    {#- After missed days a build publishes them itself: nobody has seen those a week ago. #}
    where publications.published_at < run.published_at
),

published as (
    select * from ranked_publications
    where recency = 1
),

published_builds as (
    select count(*) as published_accounts from published
),

{# An account that the build published then did not have stood at 0; without such a build nothing is restated. #}
restated as (
    select
        scales.account_id,
        coalesce(account_parts.score_7d_ago, 0) - coalesce(published.activity_score, 0) as points
    from scales
    cross join published_builds
    left join account_parts on scales.account_id = account_parts.account_id
    left join published on scales.account_id = published.account_id
    where published_builds.published_accounts > 0
),

changes as (
    select
        account_id,
        'new_activity' as component,
        source,
        score_per_point * new_points as points
    from source_parts
    union all
    select
        account_id,
        'decay' as component,
        source,
        -score_per_point * faded_points as points
    from source_parts
    union all
    select
        account_id,
        'left_window' as component,
        source,
        -score_per_point * left_points as points
    from source_parts
    union all
    select
        account_id,
        'developers_joined' as component,
        source,
        score_per_developer * joined_developers as points
    from breadth_parts
    union all
    select
        account_id,
        'developers_left' as component,
        source,
        -score_per_developer * left_developers as points
    from breadth_parts
    union all
    select
        account_id,
        'source_cap' as component,
        source,
        -score_per_point * more_points_over_cap as points
    from source_parts
    union all
    select
        account_id,
        'score_limit' as component,
        cast(null as {{ dbt.type_string() }}) as source,
        -more_above_100 as points
    from account_parts
    union all
    select
        account_id,
        'restated' as component,
        cast(null as {{ dbt.type_string() }}) as source,
        points
    from restated
    union all
    select
        account_id,
        'rounding' as component,
        cast(null as {{ dbt.type_string() }}) as source,
        more_rounding as points
    from account_parts
),

shaped as (
    select
        changes.account_id,
        run.as_of_date,
        changes.component,
        changes.source,
        cast(changes.points as {{ type_double() }}) as points
    from changes
    cross join run
    {#- What is left of a difference of equal sums is no change. #}
    where abs(changes.points) > 1e-11
)

select * from shaped
