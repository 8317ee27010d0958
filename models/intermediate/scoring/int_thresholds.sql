{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='tenant_id') }}

{#-
    The model version in force for each tenant, and its two thresholds: the newest pinned row, else the 90th percentiles
    on a frozen day, else the tenant's fall-back. Never computed for a day of the trend: an account's history must not
    move because other accounts did. A later run calibrates where the frozen day is another one, or something of that day
    or before was touched: else it would find what it knows.
-#}
with run as (
    select * from {{ ref('int_run') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

pinned_models as (
    select * from {{ ref('score_models') }}
),

sources as (
    select * from {{ ref('int_sources') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

touched_days as (  -- noqa: ST03
    select * from {{ ref('int_touched_days') }}
),

ranked_models as (
    select
        pinned_models.*,
        row_number() over (
            partition by pinned_models.tenant_id
            order by pinned_models.effective_from desc, pinned_models.model_version desc
        ) as recency
    from pinned_models
    cross join run
    where pinned_models.effective_from <= run.as_of_date
),

in_force as (
    select * from ranked_models
    where recency = 1
),

{# First choice: the last day of the month before; second choice: the as-of day itself. #}
calibration_days as (
    select
        {{ to_day("cast(" ~ dbt.date_trunc('month', 'as_of_date') ~ " as date)") }} - 1 as first_choice,
        as_of_day as second_choice
    from run
),

{% if is_incremental() %}
first_touched as (
    select min(activity_day) as activity_day
    from touched_days
),
{% endif %}

due_for_first_choice as (
    select tenants.*
    from tenants
    left join in_force on tenants.tenant_id = in_force.tenant_id
    {%- if is_incremental() %}
    cross join calibration_days
    cross join first_touched
    left join {{ this }} as known
        on
            tenants.tenant_id = known.tenant_id
            and known.threshold_origin = 'calibrated'
            and known.calibrated_on = {{ to_date('calibration_days.first_choice') }}
            and calibration_days.first_choice < coalesce(first_touched.activity_day, 1000000)
    {%- endif %}
    where in_force.tenant_id is null{{ ' and known.tenant_id is null' if is_incremental() }}
),

{#
    The second choice is worked out for nobody but whom the first one left: it reads as much again. The large tables are
    named in each place: what is read twice under one name is held in memory.
#}
{% for choice in ['first_choice', 'second_choice'] -%}
account_totals_of_{{ choice }} as (
    select
        accounts.tenant_id,
        accounts.account_number,
        sum(account_source_days.engagement_points) as points
    from {{ ref('int_account_source_days') }} as account_source_days
    inner join calibration_days on account_source_days.score_day = calibration_days.{{ choice }}
    inner join sources
        on account_source_days.source_number = sources.source_number and sources.party <> 'third'
    inner join accounts on account_source_days.account_number = accounts.account_number
    inner join due_for_{{ choice }} as due on accounts.tenant_id = due.tenant_id
    group by accounts.tenant_id, accounts.account_number
),

account_percentiles_of_{{ choice }} as (
    select
        tenant_id,
        count(*) as account_count,
        percentile_cont(0.9) within group (order by points) as account_threshold
    from account_totals_of_{{ choice }}
    where points > 0
    group by tenant_id
),

developer_totals_of_{{ choice }} as (
    select
        activity_days.tenant_id,
        activity_days.developer_number,
        sum(
            activity_days.points
            * {{ decay(
                'calibration_days.' ~ choice ~ ' - activity_days.activity_day', 'activity_days.half_life_days'
            ) }}
        ) as points
    from {{ ref('int_activity_days') }} as activity_days
    inner join calibration_days on activity_days.activity_day <= calibration_days.{{ choice }}
    inner join due_for_{{ choice }} as due
        on
            activity_days.tenant_id = due.tenant_id
            and activity_days.activity_day > calibration_days.{{ choice }} - due.window_days
    where
        activity_days.developer_number is not null
        and activity_days.party <> 'third'
        and activity_days.points > 0
    group by activity_days.tenant_id, activity_days.developer_number
),

developer_percentiles_of_{{ choice }} as (
    select
        tenant_id,
        count(*) as developer_count,
        percentile_cont(0.9) within group (order by points) as developer_threshold
    from developer_totals_of_{{ choice }}
    group by tenant_id
),

calibrated_by_{{ choice }} as (
    select
        account_percentiles.tenant_id,
        calibration_days.{{ choice }} as calibration_day,
        account_percentiles.account_threshold,
        developer_percentiles.developer_threshold
    from account_percentiles_of_{{ choice }} as account_percentiles
    inner join developer_percentiles_of_{{ choice }} as developer_percentiles
        on account_percentiles.tenant_id = developer_percentiles.tenant_id
    cross join calibration_days
    where account_percentiles.account_count >= 20 and developer_percentiles.developer_count >= 20
),

{% if loop.first -%}
due_for_second_choice as (
    select due.*
    from due_for_first_choice as due
    left join calibrated_by_first_choice as calibrated on due.tenant_id = calibrated.tenant_id
    where calibrated.tenant_id is null
),

{% endif -%}
{% endfor -%}
calibrated as (
    select * from calibrated_by_first_choice
    union all
    select * from calibrated_by_second_choice
),

chosen as (
    select
        tenants.tenant_id,
        case
            when in_force.tenant_id is not null then 'pinned'
            when calibrated.tenant_id is not null then 'calibrated'
            else 'fallback'
        end as threshold_origin,
        coalesce(
            in_force.model_version,
            'auto-' || cast({{ to_date('calibrated.calibration_day') }} as {{ dbt.type_string() }}),
            'default'
        ) as model_version,
        in_force.effective_from,
        case when in_force.tenant_id is null then {{ to_date('calibrated.calibration_day') }} end as calibrated_on,
        coalesce(in_force.account_threshold, calibrated.account_threshold, tenants.fallback_account_threshold)
            as account_threshold,
        coalesce(in_force.developer_threshold, calibrated.developer_threshold, tenants.fallback_developer_threshold)
            as developer_threshold,
        in_force.owner,
        in_force.reason
    from tenants
    left join in_force on tenants.tenant_id = in_force.tenant_id
    left join due_for_first_choice as due on tenants.tenant_id = due.tenant_id
    left join calibrated on tenants.tenant_id = calibrated.tenant_id
    where in_force.tenant_id is not null or due.tenant_id is not null
),

{# Sums of the same points in another order differ in their last bits: that is no new threshold. #}
changed as (
    select
        chosen.*,
        run.published_at as changed_at
    from chosen
    cross join run
    {%- if is_incremental() %}
    left join {{ this }} as known on chosen.tenant_id = known.tenant_id
    where
        known.tenant_id is null
        or chosen.model_version <> known.model_version
        or chosen.threshold_origin <> known.threshold_origin
        or coalesce(chosen.owner, '') <> coalesce(known.owner, '')
        or coalesce(chosen.reason, '') <> coalesce(known.reason, '')
        or abs(chosen.account_threshold - known.account_threshold) > 1e-12 * known.account_threshold
        or abs(chosen.developer_threshold - known.developer_threshold) > 1e-12 * known.developer_threshold
    {%- endif %}
)

select * from changed
