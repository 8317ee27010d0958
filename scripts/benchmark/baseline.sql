-- The yardstick: what one hand-written DuckDB script needs for scores, the trend per source and the developers.
-- Rules as in the project, except where a script would take the short way: a developer is the first identifier of
-- the record (no search for people with several), an account the last two labels of the domain, there is no ledger.
-- Wants the view feed and the variables seeds (folder) and as_of (date); leaves its results in the open database.

create temp table setting as
select
    (getvariable('as_of')::date - date '1970-01-01')::integer as as_of_day,
    (date_trunc('month', getvariable('as_of')::date) - interval 1 day)::date as calibration_date,
    (calibration_date - date '1970-01-01')::integer as calibration_day,
    window_days::integer as window_days,
    points_per_active_developer::double as points_per_active_developer,
    fallback_account_threshold::double as fallback_account_threshold,
    fallback_developer_threshold::double as fallback_developer_threshold
from read_csv(getvariable('seeds') || '/tenants.csv')
inner join read_csv(getvariable('seeds') || '/scoring_profiles.csv') using (profile)
where tenant_id = 'default';

set variable as_of_day = (select as_of_day from setting);
set variable first_day = (select as_of_day - 89 from setting);
set variable window_days = (select window_days from setting);

-- Sources that decay alike share one running sum per developer; decay_class numbers them from 1 to 8.
create temp table source_rule as
select
    source,
    half_life_days::double as half_life_days,
    max_threshold_share::double as max_threshold_share,
    dense_rank() over (order by half_life_days nulls last) as decay_class
from read_csv(getvariable('seeds') || '/sources.csv')
where party = 'first';

create temp table type_rule as
select activity_type, source, half_life_days, decay_class, weight::double as weight, daily_cap::bigint as daily_cap
from read_csv(getvariable('seeds') || '/activity_types.csv')
inner join source_rule using (source);

create temp table free_domain as
select domain from read_csv(getvariable('seeds') || '/free_email_domains.csv');

-- The one read of the feed: each record once, the one that was loaded first.
create temp table activity as
with records as (
    select
        activity_id,
        lower(trim(coalesce(email, github_login, user_id, anonymous_id))) as developer,
        split_part(lower(trim(email)), '@', 2) as email_domain,
        lower(trim(account_domain)) as account_domain,
        activity_type,
        (occurred_at::date - date '1970-01-01')::integer as activity_day,
        loaded_at,
        count as activity_count,
        is_bot
    from feed
),

first_arrivals as (
    select
        unnest(arg_min(
            struct_pack(developer, email_domain, account_domain, activity_type, activity_day, activity_count, is_bot),
            loaded_at
        ))
    from records
    group by activity_id
)

select * from first_arrivals
where activity_day <= getvariable('as_of_day') and not is_bot;

-- A domain is looked at once, however many activities name it.
create temp table domain as
with seen as (
    select email_domain as domain from activity
    union
    select account_domain from activity
)

select
    domain,
    nullif(regexp_extract(domain, '[^.]+\.[^.]+$'), '') as account,
    domain in (from free_domain) or account in (from free_domain) as is_free
from seen
where domain is not null;

-- Capped points per person, account, source and day: of one type at most daily_cap count on a day.
create temp table person_day as
with by_type as (
    select
        developer,
        case when not by_email.is_free then by_email.account else by_account.account end as account,
        activity_type,
        activity_day,
        sum(activity_count) as activity_count
    from activity
    left join domain as by_email on activity.email_domain = by_email.domain
    left join domain as by_account on activity.account_domain = by_account.domain
    group by all
)

select
    developer,
    account,
    source,
    half_life_days,
    decay_class,
    activity_day,
    sum(weight * least(activity_count, daily_cap)) as points,
    sum(least(activity_count, daily_cap))::double as counted
from by_type
inner join type_rule using (activity_type)
where developer is not null
group by all;

-- An active developer enters an account's count on the first day of a spell and leaves it 30 days after the last one;
-- activity within 30 days continues a spell.
create temp table active_developer_pulse as
with active_days as (
    select distinct account, developer, activity_day
    from person_day
    where account is not null and points > 0
),

neighbours as (
    select
        account,
        activity_day,
        lag(activity_day) over in_order as last_day,
        lead(activity_day) over in_order as next_day
    from active_days
    window in_order as (partition by account, developer order by activity_day)
)

select account, activity_day as pulse_day, 1 as developers
from neighbours
where last_day is null or last_day + 30 < activity_day
union all
select account, activity_day + 30, -1
from neighbours
where next_day is null or next_day > activity_day + 30;

-- Decay is one running sum: a day's points enter grown to a common base day and leave, as grown, a window later.
-- What entered before the first day of the trend enters on it; only days that change something have a row, and the
-- days between are filled in at the end.
create temp table account_source_day as
with grown as (
    select
        account,
        source,
        half_life_days,
        activity_day,
        sum(points) * pow(2, (activity_day - getvariable('as_of_day')) / half_life_days) as points,
        sum(counted) as counted
    from person_day
    where account is not null
    group by account, source, half_life_days, activity_day
),

pulses as (
    select account, source, half_life_days, activity_day as pulse_day, points, counted from grown
    union all
    select account, source, half_life_days, activity_day + getvariable('window_days'), -points, -counted from grown
    union all
    select account, 'active_developers', null, pulse_day, developers * points_per_active_developer, developers
    from active_developer_pulse
    cross join setting
),

changes as (
    select
        account,
        source,
        half_life_days,
        greatest(pulse_day, getvariable('first_day')) as from_day,
        sum(points) as points,
        sum(counted) as counted
    from pulses
    where pulse_day <= getvariable('as_of_day')
    group by all
),

running as (
    select
        account,
        source,
        half_life_days,
        from_day,
        sum(points) over in_order as points,
        sum(counted) over in_order as counted,
        lead(from_day, 1, getvariable('as_of_day') + 1) over in_order as to_day
    from changes
    window in_order as (partition by account, source order by from_day)
),

spread as (
    select account, source, half_life_days, points, unnest(range(from_day, to_day))::integer as score_day
    from running
    where counted > 0
)

select
    account,
    source,
    score_day,
    points * coalesce(pow(2, (getvariable('as_of_day') - score_day) / half_life_days), 1) as points
from spread;

-- The same for developers, with one running sum per decay class side by side: each day is filled in once.
create temp table developer_day as
with grown as (
    select
        developer,
        decay_class,
        activity_day,
        sum(points) * pow(2, (activity_day - getvariable('as_of_day')) / half_life_days) as points
    from person_day
    group by developer, decay_class, half_life_days, activity_day
),

pulses as (
    select developer, decay_class, activity_day as pulse_day, points, 1 as counted from grown where points > 0
    union all
    select developer, decay_class, activity_day + getvariable('window_days'), -points, -1 from grown where points > 0
),

changes as (
    select
        developer,
        greatest(pulse_day, getvariable('first_day')) as from_day,
        sum(counted) as counted,
        sum(points) filter (decay_class = 1) as points_1,
        sum(points) filter (decay_class = 2) as points_2,
        sum(points) filter (decay_class = 3) as points_3,
        sum(points) filter (decay_class = 4) as points_4,
        sum(points) filter (decay_class = 5) as points_5,
        sum(points) filter (decay_class = 6) as points_6,
        sum(points) filter (decay_class = 7) as points_7,
        sum(points) filter (decay_class = 8) as points_8
    from pulses
    where pulse_day <= getvariable('as_of_day')
    group by all
),

running as (
    select
        developer,
        from_day,
        lead(from_day, 1, getvariable('as_of_day') + 1) over in_order as to_day,
        sum(counted) over in_order as counted,
        coalesce(sum(points_1) over in_order, 0) as points_1,
        coalesce(sum(points_2) over in_order, 0) as points_2,
        coalesce(sum(points_3) over in_order, 0) as points_3,
        coalesce(sum(points_4) over in_order, 0) as points_4,
        coalesce(sum(points_5) over in_order, 0) as points_5,
        coalesce(sum(points_6) over in_order, 0) as points_6,
        coalesce(sum(points_7) over in_order, 0) as points_7,
        coalesce(sum(points_8) over in_order, 0) as points_8
    from changes
    window in_order as (partition by developer order by from_day)
),

spread as (
    select *, unnest(range(from_day, to_day))::integer as score_day
    from running
    where counted > 0
),

half_life as (
    select list(distinct half_life_days order by half_life_days) as days
    from source_rule
    where half_life_days is not null
),

day_decay as (
    select
        score_day,
        [coalesce(pow(2, (getvariable('as_of_day') - score_day) / days[class]), 0) for class in range(1, 9)] as factor
    from range(getvariable('first_day'), getvariable('as_of_day') + 1) as trend (score_day)
    cross join half_life
)

select
    developer,
    score_day,
    points_1 * factor[1] + points_2 * factor[2] + points_3 * factor[3] + points_4 * factor[4]
    + points_5 * factor[5] + points_6 * factor[6] + points_7 * factor[7] + points_8 * factor[8] as points
from spread
inner join day_decay using (score_day);

-- The 90th percentile of last month's end; of the as-of day where fewer than 20 have points then; else as set.
create temp table threshold as
with totals as (
    select 'account' as kind, score_day, sum(points) as points
    from account_source_day
    where score_day in (select unnest([calibration_day, as_of_day]) from setting)
    group by account, score_day
    union all
    select 'developer', score_day, points
    from developer_day
    where score_day in (select unnest([calibration_day, as_of_day]) from setting)
),

percentiles as (
    select kind, score_day, quantile_cont(points, 0.9) as p90
    from totals
    where points > 0
    group by all
    having count(*) >= 20
)

select
    coalesce(
        first(p90 order by score_day) filter (kind = 'account'), any_value(fallback_account_threshold)
    ) as account_threshold,
    coalesce(
        first(p90 order by score_day) filter (kind = 'developer'), any_value(fallback_developer_threshold)
    ) as developer_threshold
from setting
left join percentiles on true;

-- Results.
create table account_scores_daily as
with capped as (
    select
        account,
        score_day,
        sum(least(max_threshold_share * account_threshold, points)) as engagement_points,
        sum(points) as uncapped_points
    from account_source_day
    inner join source_rule using (source)
    cross join threshold
    group by all
)

select
    account,
    date '1970-01-01' + score_day as score_date,
    least(100, 100 * engagement_points / account_threshold)::decimal(5, 2) as activity_score,
    engagement_points,
    uncapped_points
from capped
cross join threshold;

create table account_source_scores_daily as
select
    trend.account,
    trend.score_date,
    days.source,
    days.points as engagement_points,
    100 * least(max_threshold_share * account_threshold, days.points)
        / greatest(account_threshold, trend.engagement_points) as score_contribution
from account_source_day as days
inner join source_rule using (source)
inner join account_scores_daily as trend
    on days.account = trend.account and date '1970-01-01' + days.score_day = trend.score_date
cross join threshold;

create table developer_scores_daily as
select
    developer,
    date '1970-01-01' + score_day as score_date,
    least(100, 100 * points / developer_threshold)::decimal(5, 2) as activity_score,
    points as developer_points
from developer_day
cross join threshold;

create table accounts as
select * from account_scores_daily where score_date = getvariable('as_of');

create table developers as
select * from developer_scores_daily where score_date = getvariable('as_of');
