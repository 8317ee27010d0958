-- The least that a new day asks of the published tables, by hand: nothing has arrived, and everybody only grows a day
-- older. What leaves the trend is deleted, the new day of developers and of accounts' sources is added, the ledger's
-- points and the developers' scores of today are written anew. No other mart, no data test, nothing of what a build
-- keeps for the next. Under the thresholds in force.
-- Wants the databases published (a copy of the last build's) and warehouse (what it kept), and the variable as_of.

set variable day = getvariable('as_of')::date - date '1970-01-01';
set variable first_trend_day = (getvariable('as_of')::date - 89);

delete from published.marts.developer_scores_daily where score_date < getvariable('first_trend_day');
delete from published.marts.account_source_scores_daily where score_date < getvariable('first_trend_day');

insert into published.marts.developer_scores_daily by name
with points as (
    select
        developer_number,
        any_value(tenant_id) as tenant_id,
        sum(points * pow(2, (activity_day - getvariable('day')) / half_life_days)) as developer_points
    from warehouse.intermediate.int_activity_days
    inner join warehouse.intermediate.int_tenants using (tenant_id)
    where party <> 'third' and points > 0
        and activity_day > getvariable('day') - window_days and activity_day <= getvariable('day')
    group by developer_number
)

select
    developer_id,
    account_id,
    getvariable('as_of')::date as score_date,
    round(least(100, 100 * developer_points / developer_threshold)::decimal(18, 9), 2)::decimal(5, 2)
        as activity_score,
    developer_points
from points
inner join warehouse.intermediate.int_developer_numbers using (developer_number)
left join warehouse.intermediate.int_developer_accounts using (developer_id)
inner join warehouse.intermediate.int_thresholds on points.tenant_id = int_thresholds.tenant_id
where activity_score > 0;

create temp table account_source_day as
with rules as (
    select *, row_number() over (order by source) as source_number from warehouse.seeds.sources
),

windowed as (
    select activity_days.*, window_days
    from warehouse.intermediate.int_activity_days as activity_days
    inner join warehouse.intermediate.int_tenants using (tenant_id)
    where account_number is not null and party <> 'third'
        and activity_day > getvariable('day') - window_days and activity_day <= getvariable('day')
),

active_developers as (
    select account_number, count(distinct developer_number) as developers
    from windowed
    where points > 0 and activity_day > getvariable('day') - 30
    group by account_number
),

points as (
    select
        account_number,
        source_number,
        sum(points * role_weight * pow(2, (activity_day - getvariable('day')) / half_life_days)) as engagement_points,
        sum(activity_count) filter (activity_day = getvariable('day')) as activity_count
    from windowed
    group by account_number, source_number
    union all
    select
        account_number,
        (select source_number from rules where source = 'active_developers'),
        developers * points_per_active_developer,
        developers
    from active_developers
    inner join warehouse.intermediate.int_account_numbers using (account_number)
    inner join warehouse.intermediate.int_tenants using (tenant_id)
    where developers > 0
)

select
    account_id,
    source,
    coalesce(activity_count, 0) as activity_count,
    engagement_points,
    account_threshold,
    least(max_threshold_share * account_threshold, engagement_points) as capped_points
from points
inner join rules using (source_number)
inner join warehouse.intermediate.int_account_numbers using (account_number)
inner join warehouse.intermediate.int_thresholds using (tenant_id)
where engagement_points > 0 or activity_count > 0;

create temp table account_day as
select account_id, greatest(any_value(account_threshold), sum(capped_points)) as points_of_hundred
from account_source_day
group by account_id;

insert into published.marts.account_source_scores_daily by name
select
    account_id,
    getvariable('as_of')::date as score_date,
    source,
    activity_count,
    engagement_points,
    100 * capped_points / points_of_hundred as score_contribution
from account_source_day
inner join account_day using (account_id);

create temp macro decay(occurred_at, window_days, half_life_days) as
case
    when getvariable('as_of')::date - occurred_at::date < window_days
        then pow(2, (occurred_at::date - getvariable('as_of')::date) / half_life_days)
    else 0
end;

create temp table account_scale as
select account_id, window_days, coalesce(100 / points_of_hundred, 0) as score_per_point
from warehouse.intermediate.int_account_numbers
inner join warehouse.intermediate.int_tenants using (tenant_id)
left join account_day using (account_id);

update published.marts.activity_ledger as ledger
set
    decay_factor = decay(occurred_at, window_days, half_life_days),
    engagement_points
        = ledger.weight * counted_count * role_weight * decay(occurred_at, window_days, half_life_days),
    score_points
        = ledger.weight * counted_count * role_weight * decay(occurred_at, window_days, half_life_days)
        * case when party <> 'third' then score_per_point else 0 end
from warehouse.intermediate.int_activity_types as types, account_scale
where
    ledger.decay_factor > 0
    and ledger.activity_type = types.activity_type
    and ledger.account_id = account_scale.account_id;

create or replace table published.marts.developers as
select
    developers.* replace (
        coalesce(trend.activity_score, 0) as activity_score,
        getvariable('as_of')::date as as_of_date
    )
from published.marts.developers as developers
left join published.marts.developer_scores_daily as trend
    on developers.developer_id = trend.developer_id and trend.score_date = getvariable('as_of')::date;
