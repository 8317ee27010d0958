with accounts as (
    select * from {{ ref('int_accounts') }}
),

account_source_days as (
    select * from {{ ref('int_account_source_days') }}
),

source_scores as (
    select * from {{ ref('account_source_scores_daily') }}
),

surge_causes as (
    select * from {{ ref('int_surge_causes') }}
),

people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null
),

spans as (
    select * from {{ ref('int_activity_spans') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

sources as (
    select * from {{ ref('int_sources') }}
),

run as (
    select * from {{ ref('int_run') }}
),

bands as (
    {{ score_bands_in_a_row() }}
),

fit as (
    select * from {{ ref('int_account_fit') }}
),

fit_engagement_cells as (
    select * from {{ ref('fit_engagement_cells') }}
),

today as (
    select account_days.*
    from {{ ref('int_account_days') }} as account_days
    inner join run on account_days.score_day = run.as_of_day
),

{# A surge started on the day after the last day without one, and holds for seven days from the last surge day. #}
history as (
    select
        account_days.account_number,
        max(case when not account_days.has_activity_surge then account_days.score_day end) as last_day_without_surge,
        min(account_days.score_day) as first_day,
        max(case when account_days.is_surge_day then account_days.score_day end) as last_surge_day,
        max(case when account_days.score_day >= run.first_trend_day then account_days.activity_score end)
            as highest_score_of_trend
    from {{ ref('int_account_days') }} as account_days
    cross join run
    group by account_days.account_number
),

buyers as (
    select
        developer_id,
        account_id
    from {{ ref('developers') }}
    where is_buyer
),

active_people as (
    select
        people.account_number,
        sum(case when people.last_day > run.as_of_day - 7 then 1 else 0 end) as active_developers_7d,
        max(
            case
                when buyers.developer_id is not null and people.last_day > run.as_of_day - tenants.window_days then 1
                else 0
            end
        ) as buyer_engaged
    from people
    cross join run
    inner join accounts on people.account_number = accounts.account_number
    inner join tenants on accounts.tenant_id = tenants.tenant_id
    left join buyers on people.developer_id = buyers.developer_id
    group by people.account_number
),

{# int_activity_days is named in each place: what is read twice under one name is held in memory. #}
longest_window as (
    select run.as_of_day - max(tenants.window_days) as last_day_before
    from tenants
    cross join run
    group by run.as_of_day
),

active_sources as (
    select
        activity_days.account_number,
        activity_days.source,
        max(activity_days.activity_day) as last_day
    from {{ ref('int_activity_days') }} as activity_days
    cross join longest_window
    where
        activity_days.account_number is not null
        and activity_days.party <> 'third'
        and activity_days.counted_count > 0
        and activity_days.activity_day > longest_window.last_day_before
    group by activity_days.account_number, activity_days.source
),

source_counts as (
    select
        active_sources.account_number,
        count(*) as activity_source_count
    from active_sources
    cross join run
    inner join accounts on active_sources.account_number = accounts.account_number
    inner join tenants on accounts.tenant_id = tenants.tenant_id
    where active_sources.last_day > run.as_of_day - tenants.window_days
    group by active_sources.account_number
),

{# One of the last four weeks without a counted activity is enough not to be continuous. #}
active_weeks as (
    select
        activity_days.account_number,
        {%- for week in range(4) %}
        max(
            case
                when run.as_of_day - activity_days.activity_day between 7 * {{ week }} and 7 * {{ week }} + 6 then 1
                else 0
            end
        ){{ ' +' if not loop.last }}
        {%- endfor %} as active_weeks_of_4
    from {{ ref('int_activity_days') }} as activity_days
    cross join run
    where
        activity_days.account_number is not null
        and activity_days.party <> 'third'
        and activity_days.counted_count > 0
        and activity_days.activity_day > run.as_of_day - 28
    group by activity_days.account_number
),

seen_people as (
    select
        spans.account_id,
        max(spans.last_occurred_at) as last_activity_at,
        count(distinct case when spans.last_day > run.as_of_day - tenants.window_days then spans.developer_id end)
            as identified_developers
    from spans
    cross join run
    inner join accounts on spans.account_id = accounts.account_id
    inner join tenants on accounts.tenant_id = tenants.tenant_id
    group by spans.account_id
),

accounts_with_buyers as (
    select distinct account_id
    from buyers
),

contributions as (
    select
        source_scores.account_id,
        count(*) as contributing_sources,
        {{ dbt.listagg(
            'source_scores.source',
            "'; '",
            'order by source_scores.score_contribution desc, source_scores.source asc'
        ) }} as source_list
    from source_scores
    inner join run on source_scores.score_date = run.as_of_date
    where source_scores.score_contribution > 0
    group by source_scores.account_id
),

third_party as (
    select
        account_source_days.account_number,
        sum(account_source_days.engagement_points) as points
    from account_source_days
    inner join run on account_source_days.score_day = run.as_of_day
    inner join sources on account_source_days.source_number = sources.source_number
    where sources.party = 'third'
    group by account_source_days.account_number
),

measured as (
    select
        accounts.*,
        coalesce(today.activity_score, 0) as activity_score,
        coalesce(today.unrounded_score, 0) as unrounded_score,
        coalesce(today.engagement_points, 0) as engagement_points,
        coalesce(today.uncapped_points, 0) as uncapped_points,
        coalesce(today.activity_score - today.score_7d_ago, 0) as score_change_7d,
        coalesce(today.activity_score - today.score_30d_ago, 0) as score_change_30d,
        coalesce(today.score_28d_ago, 0) as score_28d_ago,
        coalesce(history.highest_score_of_trend, 0) as highest_score_of_trend,
        (
            cast(3 as {{ type_double() }}) * today.uncapped_points
            / nullif(today.uncapped_points_7d_ago + today.uncapped_points_14d_ago + today.uncapped_points_21d_ago, 0)
        ) - 1 as momentum,
        coalesce(today.has_activity_surge, false) as has_activity_surge,
        case
            when today.has_activity_surge
                then coalesce(history.last_day_without_surge + 1, history.first_day)
        end as surge_started_day,
        case when today.has_activity_surge then history.last_surge_day + 6 end as surge_ends_day,
        surge_causes.surge_cause,
        coalesce(active_people.active_developers_7d, 0) as active_developers_7d,
        coalesce(today.active_developers_30d, 0) as active_developers_30d,
        coalesce(seen_people.identified_developers, 0) as identified_developers,
        accounts_with_buyers.account_id is not null as has_buyer,
        coalesce(active_people.buyer_engaged, 0) = 1 as buyer_engaged,
        coalesce(source_counts.activity_source_count, 0) as activity_source_count,
        coalesce(active_weeks.active_weeks_of_4, 0) as active_weeks_of_4,
        seen_people.last_activity_at,
        {{ dbt.split_part('contributions.source_list', "'; '", 1) }} as top_source,
        coalesce(contributions.contributing_sources, 0) as contributing_sources,
        contributions.source_list,
        {{ round_score('least(100, 100 * coalesce(third_party.points, 0) / thresholds.account_threshold)') }}
            as intent_score,
        fit.fit_score,
        fit.fit_grade,
        fit.fit_reasons,
        thresholds.model_version
    from accounts
    inner join thresholds on accounts.tenant_id = thresholds.tenant_id
    left join today on accounts.account_id = today.account_id
    left join history on accounts.account_number = history.account_number
    left join surge_causes on accounts.account_id = surge_causes.account_id
    left join active_people on accounts.account_number = active_people.account_number
    left join source_counts on accounts.account_number = source_counts.account_number
    left join active_weeks on accounts.account_number = active_weeks.account_number
    left join seen_people on accounts.account_id = seen_people.account_id
    left join accounts_with_buyers on accounts.account_id = accounts_with_buyers.account_id
    left join contributions on accounts.account_id = contributions.account_id
    left join third_party on accounts.account_number = third_party.account_number
    left join fit on accounts.account_id = fit.account_id
),

shaped as (
    select
        measured.account_id,
        measured.tenant_id,
        measured.account_name,
        measured.account_domain,
        measured.crm_account_id,
        measured.is_in_crm,
        measured.parent_account_id,
        measured.lifecycle_stage,
        measured.lifecycle_stage_since,
        measured.owner_name,
        measured.owner_email,
        measured.employee_count,
        measured.industry,
        measured.country,
        measured.territory,
        measured.fit_score,
        measured.fit_grade,
        measured.fit_reasons,
        measured.fit_grade || case {{ score_category('measured.activity_score') }}
            when 'High' then '1'
            when 'Medium' then '2'
            else '3'
        end as fit_engagement_cell,
        cast(measured.activity_score as decimal(5, 2)) as activity_score,
        {{ score_category('measured.activity_score') }} as activity_category,
        case
            when measured.activity_score >= 100 then 'continuous'
            when measured.activity_score >= 80 then 'strong'
            when measured.activity_score >= 60 then 'good'
            when measured.activity_score >= 20 then 'moderate'
            else 'minimal'
        end as engagement_label,
        measured.activity_score >= 80 as is_strong,
        (
            measured.activity_score >= 100
            and measured.activity_source_count >= 2
            and measured.active_weeks_of_4 = 4
        ) as is_continuous,
        cast(measured.score_change_7d as decimal(5, 2)) as score_change_7d,
        cast(measured.score_change_30d as decimal(5, 2)) as score_change_30d,
        cast(measured.momentum as {{ type_double() }}) as momentum,
        case
            {#- Nine decimals: a tenth more is 0.10000000000000009 as a double, and yet not more than a tenth. #}
            when cast(measured.momentum as decimal(18, 9)) > 0.1 then 'rising'
            when cast(measured.momentum as decimal(18, 9)) < -0.1 then 'falling'
            else 'steady'
        end as score_trend,
        measured.has_activity_surge,
        {{ to_date('measured.surge_started_day') }} as surge_started_on,
        {{ to_date('measured.surge_ends_day') }} as surge_ends_on,
        measured.surge_cause,
        (
            measured.score_28d_ago - measured.activity_score >= 20
            or (measured.activity_score < bands.medium_from and measured.highest_score_of_trend >= bands.medium_from)
        ) as drop_off_risk,
        cast(measured.active_developers_7d as {{ dbt.type_bigint() }}) as active_developers_7d,
        cast(measured.active_developers_30d as {{ dbt.type_bigint() }}) as active_developers_30d,
        cast(measured.identified_developers as {{ dbt.type_bigint() }}) as identified_developers,
        measured.has_buyer,
        measured.buyer_engaged,
        measured.top_source,
        cast(measured.contributing_sources as {{ dbt.type_bigint() }}) as contributing_sources,
        measured.source_list,
        cast(measured.activity_source_count as {{ dbt.type_bigint() }}) as activity_source_count,
        measured.last_activity_at,
        measured.intent_score,
        cast(measured.unrounded_score as {{ type_double() }}) as unrounded_score,
        cast(measured.engagement_points as {{ type_double() }}) as engagement_points,
        cast(measured.uncapped_points as {{ type_double() }}) as uncapped_points,
        run.as_of_date,
        measured.model_version,
        cast(measured.highest_score_of_trend as decimal(5, 2)) as highest_score_90d
    from measured
    cross join run
    cross join bands
),

qualified as (
    select
        shaped.*,
        coalesce(fit_engagement_cells.is_marketing_qualified, false) as is_marketing_qualified
    from shaped
    left join fit_engagement_cells on shaped.fit_engagement_cell = fit_engagement_cells.fit_engagement_cell
)

select * from qualified
