{#-
    A champion is among the best of the tenant on the last active day and was active in each of the weeks up to it.
    First who fell silent in time, of those who came every week, and of those who was good on the last day.
-#}
with people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null
),

developers as (
    select
        developer_id,
        tenant_id
    from {{ ref('developers') }}
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('champion_silent', ['active_weeks', 'silent_days', 'within_days'], ['top_share']) }}
),

{# Who falls silent on the as-of day was active silent_days before. #}
watched_days as (
    select
        run.as_of_day - settings.silent_days - settings.within_days + 1 as first_day,
        run.as_of_day - settings.silent_days as last_day,
        run.as_of_day - settings.silent_days - settings.within_days + 1 - 7 * settings.active_weeks as first_week_day
    from run
    cross join settings
),

activity_days as (
    select
        activity_days.account_number,
        activity_days.developer_number,
        activity_days.activity_day
    from {{ ref('int_activity_days') }} as activity_days
    cross join watched_days
    where
        activity_days.activity_day between watched_days.first_week_day and watched_days.last_day
        and activity_days.points > 0
        and activity_days.party <> 'third'
),

fallen_silent as (
    select people.*
    from people
    cross join watched_days
    where people.last_day between watched_days.first_day and watched_days.last_day
),

regulars as (
    select
        fallen_silent.account_id,
        fallen_silent.developer_id,
        fallen_silent.last_day
    from fallen_silent
    inner join activity_days
        on
            fallen_silent.account_number = activity_days.account_number
            and fallen_silent.developer_number = activity_days.developer_number
    cross join settings
    where activity_days.activity_day > fallen_silent.last_day - 7 * settings.active_weeks
    group by
        fallen_silent.account_id,
        fallen_silent.developer_id,
        fallen_silent.last_day,
        settings.active_weeks
    having
        count(distinct floor(
            (fallen_silent.last_day - activity_days.activity_day) / cast(7 as {{ type_double() }})
        )) = settings.active_weeks
),

{# Most are of one tenant: who is of another is looked up, so that not every score of everybody needs to be. #}
largest_tenant as (
    select tenant_id
    from developers
    group by tenant_id
    order by count(*) desc, tenant_id asc
    limit 1
),

developers_elsewhere as (
    select developers.*
    from developers
    cross join largest_tenant
    where developers.tenant_id <> largest_tenant.tenant_id
),

{# How many have which score: some thousand rows a day, however many developers there are. #}
score_counts as (
    select
        coalesce(developers_elsewhere.tenant_id, largest_tenant.tenant_id) as tenant_id,
        developer_scores.score_date,
        developer_scores.activity_score,
        count(*) as developer_count
    from {{ ref('developer_scores_daily') }} as developer_scores
    cross join watched_days
    cross join largest_tenant
    left join developers_elsewhere on developer_scores.developer_id = developers_elsewhere.developer_id
    where
        developer_scores.score_date >= {{ to_date('watched_days.first_day') }}
        and developer_scores.score_date <= {{ to_date('watched_days.last_day') }}
    group by
        coalesce(developers_elsewhere.tenant_id, largest_tenant.tenant_id),
        developer_scores.score_date,
        developer_scores.activity_score
),

ranked_scores as (
    select
        tenant_id,
        score_date,
        activity_score,
        sum(developer_count) over (partition by tenant_id, score_date) as all_developers,
        coalesce(
            sum(developer_count) over (
                partition by tenant_id, score_date
                order by activity_score desc
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as better_developers
    from score_counts
),

top_scores as (
    select
        ranked_scores.tenant_id,
        ranked_scores.score_date,
        min(ranked_scores.activity_score) as lowest_score
    from ranked_scores
    cross join settings
    {#- Nine decimals: a tenth of 30 is 3.0000000000000004 as a double, and yet three are not the top three and one. #}
    where ranked_scores.better_developers < cast(settings.top_share * ranked_scores.all_developers as decimal(18, 9))
    group by ranked_scores.tenant_id, ranked_scores.score_date
),

lowest_top_score as (
    select min(lowest_score) as activity_score from top_scores
),

{# Names are compared of the best alone. #}
good_scores as (
    select
        developer_scores.developer_id,
        developer_scores.score_date,
        developer_scores.activity_score
    from {{ ref('developer_scores_daily') }} as developer_scores
    cross join watched_days
    cross join lowest_top_score
    where
        developer_scores.score_date >= {{ to_date('watched_days.first_day') }}
        and developer_scores.score_date <= {{ to_date('watched_days.last_day') }}
        and developer_scores.activity_score >= lowest_top_score.activity_score
),

champions as (
    select regulars.*
    from regulars
    inner join developers on regulars.developer_id = developers.developer_id
    inner join good_scores
        on
            regulars.developer_id = good_scores.developer_id
            and {{ to_date('regulars.last_day') }} = good_scores.score_date
    inner join top_scores
        on
            developers.tenant_id = top_scores.tenant_id
            and good_scores.score_date = top_scores.score_date
    where good_scores.activity_score >= top_scores.lowest_score
),

listed_people as (
    {{ people_of_accounts('champions') }}
),

latest as (
    select
        account_id,
        max(last_day) as last_day
    from champions
    group by account_id
),

found as (
    select
        latest.account_id,
        'champion_silent' as signal,
        latest.last_day + settings.silent_days as detected_day,
        listed_people.developers,
        listed_people.developer_count,
        {{ counted('listed_people.developer_count', 'champion', 'champions') }} || ' silent'
        || case when listed_people.developer_count > 1 then ', the latest' else '' end
        || ' for ' || {{ counted('run.as_of_day - latest.last_day', 'day', 'days') }} || ', since '
        || {{ date_text(to_date('latest.last_day')) }} || '; before, active in each of '
        || {{ counted('settings.active_weeks', 'week', 'weeks') }} || ' and among the top '
        || cast(cast(floor(100 * cast(settings.top_share as decimal(18, 9))) as integer) as {{ dbt.type_string() }})
        || ' % of developers' as evidence
    from latest
    cross join run
    cross join settings
    inner join listed_people on latest.account_id = listed_people.account_id
)

select * from found
