{{ config(materialized='view') }}

{#-
    The stage of an account on the as-of day. Where the CRM dates its stages, the spans tell it. A stage without a date is
    believed before the deals, except where they know better: it is no more than Prospect, or has no meaning here; they
    have left it behind; or it only came about after the as-of day.
-#}
with crm_accounts as (
    select * from {{ ref('int_crm_accounts') }}
    where lifecycle_stage is not null
),

stage_names as (
    select * from {{ ref('int_lifecycle_stage_names') }}
    where applies_to = 'account'
),

spans as (
    select * from {{ ref('int_lifecycle_spans') }}
),

events as (
    select * from {{ ref('int_lifecycle_events') }}
),

run as (
    select * from {{ ref('int_run') }}
),

dated_accounts as (
    select distinct
        tenant_id,
        account_domain
    from events
    where event = 'stated'
),

later_stages as (
    select distinct
        events.tenant_id,
        events.account_domain,
        events.lifecycle_stage
    from events
    cross join run
    where events.known_day > run.as_of_day
),

past_stages as (
    select distinct
        tenant_id,
        account_domain,
        lifecycle_stage
    from spans
    where not is_current
),

undated as (
    select
        crm_accounts.tenant_id,
        crm_accounts.account_domain,
        coalesce(stage_names.lifecycle_stage, crm_accounts.lifecycle_stage) as lifecycle_stage,
        coalesce(stage_names.lifecycle_stage, 'Prospect') = 'Prospect' as is_weak
    from crm_accounts
    left join stage_names
        on
            crm_accounts.source_system = stage_names.source_system
            and crm_accounts.lifecycle_stage = stage_names.stage_text
    left join dated_accounts
        on
            crm_accounts.tenant_id = dated_accounts.tenant_id
            and crm_accounts.account_domain = dated_accounts.account_domain
    where dated_accounts.account_domain is null
),

current_spans as (
    select * from spans
    where is_current
),

accounts as (
    select
        tenant_id,
        account_domain
    from undated
    union
    select
        tenant_id,
        account_domain
    from current_spans
),

compared as (
    select
        accounts.tenant_id,
        accounts.account_domain,
        undated.lifecycle_stage as undated_stage,
        current_spans.lifecycle_stage as dated_stage,
        current_spans.from_day,
        case
            when undated.lifecycle_stage is null or later_stages.lifecycle_stage is not null then true
            when current_spans.lifecycle_stage is null then false
            else undated.is_weak or past_stages.lifecycle_stage is not null
        end as dates_know_better
    from accounts
    left join undated
        on accounts.tenant_id = undated.tenant_id and accounts.account_domain = undated.account_domain
    left join current_spans
        on accounts.tenant_id = current_spans.tenant_id and accounts.account_domain = current_spans.account_domain
    left join later_stages
        on
            undated.tenant_id = later_stages.tenant_id
            and undated.account_domain = later_stages.account_domain
            and undated.lifecycle_stage = later_stages.lifecycle_stage
    left join past_stages
        on
            undated.tenant_id = past_stages.tenant_id
            and undated.account_domain = past_stages.account_domain
            and undated.lifecycle_stage = past_stages.lifecycle_stage
),

chosen as (
    select
        tenant_id,
        account_domain,
        case when dates_know_better then dated_stage else undated_stage end as lifecycle_stage,
        case
            when dates_know_better or undated_stage = dated_stage then {{ to_date('from_day') }}
        end as lifecycle_stage_since
    from compared
),

known as (
    select * from chosen
    where lifecycle_stage is not null
)

select * from known
