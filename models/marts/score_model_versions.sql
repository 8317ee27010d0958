{{ config(alias='score_models') }}

{#- The seed of the pinned versions is called score_models too; dbt wants one name for one thing, readers see ours. -#}
with pinned_models as (
    select * from {{ ref('score_models') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

versions as (
    select
        thresholds.tenant_id,
        thresholds.model_version,
        thresholds.threshold_origin,
        thresholds.effective_from,
        thresholds.calibrated_on,
        thresholds.account_threshold,
        thresholds.developer_threshold,
        true as is_in_force,
        thresholds.owner,
        thresholds.reason
    from thresholds
    union all
    select
        pinned_models.tenant_id,
        pinned_models.model_version,
        'pinned' as threshold_origin,
        pinned_models.effective_from,
        cast(null as date) as calibrated_on,
        pinned_models.account_threshold,
        pinned_models.developer_threshold,
        false as is_in_force,
        pinned_models.owner,
        pinned_models.reason
    from pinned_models
    left join thresholds
        on
            pinned_models.tenant_id = thresholds.tenant_id
            and pinned_models.model_version = thresholds.model_version
            and pinned_models.effective_from = thresholds.effective_from
    where thresholds.tenant_id is null
),

shaped as (
    select
        tenant_id,
        model_version,
        threshold_origin,
        effective_from,
        calibrated_on,
        cast(account_threshold as {{ type_double() }}) as account_threshold,
        cast(developer_threshold as {{ type_double() }}) as developer_threshold,
        is_in_force,
        owner,
        reason
    from versions
)

select * from shaped
