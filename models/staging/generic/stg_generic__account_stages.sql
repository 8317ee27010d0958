with accounts as (
    select * from {{ source('generic', 'accounts') }}
),

dated as (
    select
        'generic' as source_system,
        coalesce({{ clean_text('tenant_id') }}, 'default') as tenant_id,
        {{ clean_text('crm_account_id') }} as crm_account_id,
        {{ host_of(clean_text('account_domain')) }} as account_domain,
        {{ clean_text('lifecycle_stage') }} as lifecycle_stage,
        {{ try_timestamp(clean_text('lifecycle_stage_since')) }} as stated_at
    from accounts
),

readable as (
    select * from dated
    where account_domain is not null and lifecycle_stage is not null and stated_at is not null
)

select * from readable
