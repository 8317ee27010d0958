{#-
    From which day on an account's scores must be drawn again: where its points are, and from the first day on where
    the thresholds of its tenant are others than in the run before.
-#}
with redraws as (
    select * from {{ ref('int_account_redraws') }}
),

spans as (
    select * from {{ ref('int_activity_spans') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
),

changed_tenants as (
    select thresholds.tenant_id
    from {{ ref('int_thresholds') }} as thresholds
    inner join this_run on thresholds.changed_at = this_run.published_at
),

active_accounts as (
    select
        account_id,
        min(first_day) as first_activity_day
    from spans
    group by account_id
),

all_redraws as (
    select
        account_id,
        account_number,
        tenant_id,
        first_day,
        0 as has_new_threshold
    from redraws
    union all
    select
        account_numbers.account_id,
        account_numbers.account_number,
        account_numbers.tenant_id,
        this_run.first_score_day as first_day,
        1 as has_new_threshold
    from account_numbers
    cross join this_run
    inner join changed_tenants on account_numbers.tenant_id = changed_tenants.tenant_id
    inner join active_accounts on account_numbers.account_id = active_accounts.account_id
),

earliest as (
    select
        all_redraws.account_id,
        all_redraws.account_number,
        all_redraws.tenant_id,
        min(all_redraws.first_day) as first_day,
        min(all_redraws.first_day) < max(this_run.first_new_day) as is_drawn_again,
        max(all_redraws.has_new_threshold) = 1 as has_new_threshold
    from all_redraws
    cross join this_run
    group by all_redraws.account_id, all_redraws.account_number, all_redraws.tenant_id
),

with_first_activity as (
    select
        earliest.*,
        active_accounts.first_activity_day
    from earliest
    left join active_accounts on earliest.account_id = active_accounts.account_id
)

select * from with_first_activity
