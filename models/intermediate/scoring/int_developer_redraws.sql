{#-
    From which day on a developer's scores must be drawn again: all of them where the developer belongs to another
    account than before or the tenant has another threshold; else see int_account_redraws. Changes of days before the
    new one are few: they are gathered first.
-#}
with touched_days as (
    select * from {{ ref('int_touched_days') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

states as (
    select * from {{ ref('int_developer_accounts') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
),

changes as (
    select
        touched_days.developer_id,
        touched_days.activity_day as first_day
    from touched_days
    inner join this_run on touched_days.activity_day < this_run.first_new_day
    union all
    select
        states.developer_id,
        this_run.first_trend_day as first_day
    from states
    inner join this_run on states.changed_at = this_run.published_at
    union all
    select
        developer_numbers.developer_id,
        this_run.first_trend_day as first_day
    from developer_numbers
    inner join thresholds on developer_numbers.tenant_id = thresholds.tenant_id
    inner join this_run on thresholds.changed_at = this_run.published_at
),

first_days as (
    select
        developer_id,
        min(first_day) as first_day
    from changes
    group by developer_id
),

redraws as (
    select
        developer_numbers.developer_id,
        developer_numbers.developer_number,
        developer_numbers.tenant_id,
        greatest(
            this_run.first_trend_day,
            least(coalesce(first_days.first_day, this_run.first_new_day), this_run.first_new_day)
        ) as first_day,
        this_run.first_new_day,
        this_run.as_of_day
    from developer_numbers
    cross join this_run
    left join first_days on developer_numbers.developer_id = first_days.developer_id
),

due as (
    select
        developer_id,
        developer_number,
        tenant_id,
        first_day,
        first_day < first_new_day as is_drawn_again
    from redraws
    where first_day <= as_of_day
)

select * from due
