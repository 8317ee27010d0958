{#- A tenant without a row in the seed takes the values of the row `default`. -#}
with settings as (
    select * from {{ ref('tenants') }}
),

profiles as (
    select * from {{ ref('scoring_profiles') }}
),

seen_tenants as (
    select tenant_id from {{ ref('int_activity_records') }} where rejection_reason is null
    union
    select tenant_id from {{ ref('int_contacts') }}
    union
    select tenant_id from {{ ref('int_crm_accounts') }}
    union
    select tenant_id from settings
),

resolved as (
    select
        seen_tenants.tenant_id,
        case when own.tenant_id is not null then own.profile else fallback.profile end as profile,
        case when own.tenant_id is not null then own.internal_domains else fallback.internal_domains end
            as internal_domains,
        case
            when own.tenant_id is not null then own.points_per_active_developer
            else fallback.points_per_active_developer
        end as points_per_active_developer,
        case
            when own.tenant_id is not null then own.fallback_account_threshold
            else fallback.fallback_account_threshold
        end as fallback_account_threshold,
        case
            when own.tenant_id is not null then own.fallback_developer_threshold
            else fallback.fallback_developer_threshold
        end as fallback_developer_threshold
    from seen_tenants
    inner join settings as fallback on fallback.tenant_id = 'default'
    left join settings as own on seen_tenants.tenant_id = own.tenant_id
),

tenants as (
    select
        resolved.*,
        profiles.window_days
    from resolved
    inner join profiles on resolved.profile = profiles.profile
)

select * from tenants
