{#-
    The share of one person in the role-weighted, decayed points of all that happened at the account, before caps and
    without the breadth term, which counts heads. Whose share is large today is looked up first; the days of the trend,
    only for them.
-#}
with people as (
    select * from {{ ref('int_account_people') }}
),

account_scores as (
    select * from {{ ref('account_scores_daily') }}
),

accounts as (
    select
        account_id,
        tenant_id,
        activity_score,
        active_developers_30d
    from {{ ref('accounts') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('one_person_dominates', [], ['share', 'minimum_score']) }}
),

account_points as (
    select
        account_id,
        sum(engagement_points) as engagement_points
    from people
    group by account_id
    having sum(engagement_points) > 0
),

{# Nine decimals, here and below: 0.8 is 0.8 however the sum came about. #}
large_shares as (
    select
        people.account_id,
        people.developer_id,
        people.account_number,
        people.developer_number,
        tenants.window_days,
        cast(people.engagement_points / account_points.engagement_points as decimal(18, 9)) as share
    from people
    inner join account_points on people.account_id = account_points.account_id
    inner join accounts on people.account_id = accounts.account_id
    inner join tenants on accounts.tenant_id = tenants.tenant_id
    cross join settings
    where
        people.developer_id is not null
        and accounts.activity_score >= settings.minimum_score
        and cast(people.engagement_points / account_points.engagement_points as decimal(18, 9))
        >= cast(settings.share as decimal(18, 9))
),

{# Of the many rows most are of other accounts: those go before anything else is asked, by one column. #}
activity_days as (
    select * from {{ ref('int_activity_days') }}
    where
        points > 0
        and party <> 'third'
        and account_number in (select large_shares.account_number from large_shares)
),

daily_points as (
    select
        large_shares.account_id,
        large_shares.developer_id,
        activity_days.activity_day,
        activity_days.half_life_days,
        run.first_trend_day as first_day,
        large_shares.window_days,
        sum(activity_days.points * activity_days.role_weight) as points,
        sum(activity_days.activity_count) as activity_count
    from activity_days
    cross join run
    inner join large_shares
        on
            activity_days.account_number = large_shares.account_number
            and activity_days.developer_number = large_shares.developer_number
    where
        activity_days.activity_day > run.first_trend_day - large_shares.window_days
        and activity_days.activity_day <= run.as_of_day
    group by
        large_shares.account_id,
        large_shares.developer_id,
        activity_days.activity_day,
        activity_days.half_life_days,
        run.first_trend_day,
        large_shares.window_days
),

decayed as (
    {{ decayed_points_by_day(['account_id', 'developer_id'], 'daily_points') }}
),

person_days as (
    select
        account_id,
        developer_id,
        score_day,
        sum(engagement_points) as engagement_points
    from decayed
    group by account_id, developer_id, score_day
),

account_days as (
    select
        account_scores.account_id,
        {{ to_day('account_scores.score_date') }} as score_day,
        account_scores.activity_score,
        account_scores.uncapped_points - tenants.points_per_active_developer * account_scores.active_developers_30d
            as engagement_points
    from account_scores
    inner join large_shares on account_scores.account_id = large_shares.account_id
    inner join accounts on account_scores.account_id = accounts.account_id
    inner join tenants on accounts.tenant_id = tenants.tenant_id
),

days_held as (
    select
        person_days.account_id,
        person_days.developer_id,
        person_days.score_day
    from person_days
    inner join account_days
        on person_days.account_id = account_days.account_id and person_days.score_day = account_days.score_day
    cross join settings
    where
        account_days.activity_score >= settings.minimum_score
        and account_days.engagement_points > 0
        and cast(person_days.engagement_points / account_days.engagement_points as decimal(18, 9))
        >= cast(settings.share as decimal(18, 9))
),

held as (
    {{ held_until_today('days_held', ['account_id', 'developer_id']) }}
),

found as (
    select
        held.account_id,
        'one_person_dominates' as signal,
        held.held_since_day as detected_day,
        held.developer_id as developers,
        1 as developer_count,
        'One person stands behind ' || cast(cast(floor(100 * large_shares.share) as integer) as {{ dbt.type_string() }})
        || ' % of the activity points (score ' || cast(accounts.activity_score as {{ dbt.type_string() }}) || ', '
        || {{ counted('accounts.active_developers_30d', 'developer', 'developers') }} || ' active in 30 days)'
            as evidence
    from held
    inner join large_shares
        on held.account_id = large_shares.account_id and held.developer_id = large_shares.developer_id
    inner join accounts on held.account_id = accounts.account_id
)

select * from found
