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
    select * from {{ ref('sources') }}
),

account_source_days as (
    select * from {{ ref('int_account_source_days') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

activity_days as (
    select * from {{ ref('int_activity_days') }}
    where developer_number is not null and party <> 'third' and points > 0
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
        1 as choice,
        {{ to_day("cast(" ~ dbt.date_trunc('month', 'as_of_date') ~ " as date)") }} - 1 as calibration_day
    from run
    union all
    select
        2 as choice,
        as_of_day as calibration_day
    from run
),

{% if is_incremental() %}
first_choice as (
    select
        max(calibration_days.calibration_day) as calibration_day,
        min(touched_days.activity_day) as first_touched_day
    from calibration_days
    left join touched_days on 1 = 1
    where calibration_days.choice = 1
),
{% endif %}

due_tenants as (
    select tenants.*
    from tenants
    left join in_force on tenants.tenant_id = in_force.tenant_id
    {%- if is_incremental() %}
    cross join first_choice
    left join {{ this }} as known
        on
            tenants.tenant_id = known.tenant_id
            and known.threshold_origin = 'calibrated'
            and known.calibrated_on = {{ to_date('first_choice.calibration_day') }}
            and first_choice.calibration_day < coalesce(first_choice.first_touched_day, 1000000)
    {%- endif %}
    where in_force.tenant_id is null{{ ' and known.tenant_id is null' if is_incremental() }}
),

account_totals as (
    select
        calibration_days.choice,
        accounts.tenant_id,
        accounts.account_id,
        sum(account_source_days.engagement_points) as points
    from account_source_days
    inner join accounts on account_source_days.account_number = accounts.account_number
    inner join due_tenants on accounts.tenant_id = due_tenants.tenant_id
    inner join sources
        on account_source_days.source = sources.source and sources.party <> 'third'
    inner join calibration_days on account_source_days.score_day = calibration_days.calibration_day
    group by calibration_days.choice, accounts.tenant_id, accounts.account_id
),

account_percentiles as (
    select
        choice,
        tenant_id,
        count(*) as account_count,
        percentile_cont(0.9) within group (order by points) as account_threshold
    from account_totals
    where points > 0
    group by choice, tenant_id
),

aged_activity_days as (
    select
        calibration_days.choice,
        activity_days.*,
        calibration_days.calibration_day - activity_days.activity_day as age_days
    from activity_days
    inner join due_tenants on activity_days.tenant_id = due_tenants.tenant_id
    inner join calibration_days
        on
            activity_days.activity_day <= calibration_days.calibration_day
            and activity_days.activity_day > calibration_days.calibration_day - due_tenants.window_days
),

developer_totals as (
    select
        choice,
        tenant_id,
        developer_number,
        sum(points * {{ decay('age_days', 'half_life_days') }}) as points
    from aged_activity_days
    group by choice, tenant_id, developer_number
),

developer_percentiles as (
    select
        choice,
        tenant_id,
        count(*) as developer_count,
        percentile_cont(0.9) within group (order by points) as developer_threshold
    from developer_totals
    group by choice, tenant_id
),

calibrated as (
    select
        account_percentiles.tenant_id,
        account_percentiles.choice,
        calibration_days.calibration_day,
        account_percentiles.account_threshold,
        developer_percentiles.developer_threshold,
        row_number() over (
            partition by account_percentiles.tenant_id
            order by account_percentiles.choice
        ) as preference
    from account_percentiles
    inner join developer_percentiles
        on
            account_percentiles.tenant_id = developer_percentiles.tenant_id
            and account_percentiles.choice = developer_percentiles.choice
    inner join calibration_days on account_percentiles.choice = calibration_days.choice
    where account_percentiles.account_count >= 20 and developer_percentiles.developer_count >= 20
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
    left join due_tenants on tenants.tenant_id = due_tenants.tenant_id
    left join calibrated on tenants.tenant_id = calibrated.tenant_id and calibrated.preference = 1
    where in_force.tenant_id is not null or due_tenants.tenant_id is not null
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
