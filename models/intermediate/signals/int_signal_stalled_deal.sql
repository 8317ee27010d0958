{#-
    A deal has stalled when it has stood at its stage for too long or, where the CRM does not say since when it has, when
    it has been open for too long. The day it became a signal is the later one of that day and the day since when the
    score has been high; of a score that was high on all days of the trend, the former.
-#}
with opportunities as (
    select * from {{ ref('int_opportunities') }}
    where is_open
),

accounts as (
    select
        account_id,
        tenant_id,
        account_domain,
        activity_score,
        active_developers_30d
    from {{ ref('accounts') }}
),

account_scores as (
    select * from {{ ref('account_scores_daily') }}
),

people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null and engagement_points > 0
),

run as (
    select * from {{ ref('int_run') }}
),

settings as (
    {{ signal_settings('stalled_deal', ['unchanged_days', 'open_days', 'listed_people'], ['minimum_score']) }}
),

open_deals as (
    select
        accounts.account_id,
        accounts.activity_score,
        accounts.active_developers_30d,
        opportunities.opportunity_id,
        case
            when opportunities.stage_entered_on is null then 'open'
            else 'at stage ' || coalesce(opportunities.stage, '(unknown)')
        end as standing,
        {{ to_day('coalesce(opportunities.stage_entered_on, opportunities.created_on)') }} as since_day,
        case when opportunities.stage_entered_on is null then settings.open_days else settings.unchanged_days end
            as patience_days
    from opportunities
    cross join settings
    inner join accounts
        on
            opportunities.tenant_id = accounts.tenant_id
            and opportunities.account_domain = accounts.account_domain
    where accounts.activity_score >= settings.minimum_score
),

stalled_deals as (
    select
        open_deals.*,
        open_deals.since_day + open_deals.patience_days as stalled_day,
        count(*) over (partition by open_deals.account_id) as deal_count,
        row_number() over (
            partition by open_deals.account_id
            order by open_deals.since_day + open_deals.patience_days, open_deals.opportunity_id
        ) as place
    from open_deals
    cross join run
    where open_deals.since_day + open_deals.patience_days <= run.as_of_day
),

{# Of several, the one that stalled first speaks for the account. #}
deals as (
    select * from stalled_deals
    where place = 1
),

last_days_below as (
    select
        account_scores.account_id,
        max({{ to_day('account_scores.score_date') }}) as score_day
    from account_scores
    inner join deals on account_scores.account_id = deals.account_id
    cross join settings
    where account_scores.activity_score < settings.minimum_score
    group by account_scores.account_id
),

ranked_people as (
    select
        people.account_id,
        people.developer_id,
        row_number() over (
            partition by people.account_id
            order by people.engagement_points desc, people.developer_id asc
        ) as place
    from people
    inner join deals on people.account_id = deals.account_id
),

most_engaged as (
    select
        ranked_people.account_id,
        ranked_people.developer_id
    from ranked_people
    cross join settings
    where ranked_people.place <= settings.listed_people
),

listed_people as (
    {{ people_of_accounts('most_engaged') }}
),

found as (
    select
        deals.account_id,
        'stalled_deal' as signal,
        greatest(deals.stalled_day, coalesce(last_days_below.score_day + 1, deals.stalled_day)) as detected_day,
        listed_people.developers,
        coalesce(listed_people.developer_count, 0) as developer_count,
        case
            when deals.deal_count = 1 then 'Deal '
            else cast(deals.deal_count as {{ dbt.type_string() }}) || ' deals, the first '
        end
        || deals.opportunity_id || ', ' || deals.standing || ' for '
        || {{ counted('run.as_of_day - deals.since_day', 'day', 'days') }} || ', since '
        || {{ date_text(to_date('deals.since_day')) }} || ', at score '
        || cast(deals.activity_score as {{ dbt.type_string() }}) || ' with '
        || {{ counted('deals.active_developers_30d', 'developer', 'developers') }} || ' active in 30 days' as evidence
    from deals
    cross join run
    left join last_days_below on deals.account_id = last_days_below.account_id
    left join listed_people on deals.account_id = listed_people.account_id
)

select * from found
