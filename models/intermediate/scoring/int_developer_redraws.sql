{#-
    From which day on a developer's scores must be drawn again: all of them where the developer belongs to another
    account than before or the tenant has another threshold; else see int_account_redraws.
-#}
with spans as (
    select * from {{ ref('int_activity_spans') }}
),

touched_days as (
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

first_days as (
    select
        developer_id,
        min(activity_day) as first_touched_day
    from touched_days
    group by developer_id
),

developers as (
    select developer_id from spans
    union
    select developer_id from first_days
),

redraws as (
    select
        developers.developer_id,
        developer_numbers.developer_number,
        developer_numbers.tenant_id,
        case
            when states.changed_at = this_run.published_at or thresholds.changed_at = this_run.published_at
                then this_run.first_trend_day
            else greatest(
                this_run.first_trend_day,
                least(coalesce(first_days.first_touched_day, this_run.first_new_day), this_run.first_new_day)
            )
        end as first_day
    from developers
    cross join this_run
    inner join developer_numbers on developers.developer_id = developer_numbers.developer_id
    left join first_days on developers.developer_id = first_days.developer_id
    left join states on developers.developer_id = states.developer_id
    left join thresholds on developer_numbers.tenant_id = thresholds.tenant_id
),

due as (
    select
        redraws.*,
        redraws.first_day < this_run.first_new_day as is_drawn_again
    from redraws
    cross join this_run
    where redraws.first_day <= this_run.as_of_day
)

select * from due
