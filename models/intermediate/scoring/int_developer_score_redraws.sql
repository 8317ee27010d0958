{#-
    From which day on a developer's scores must be drawn again: where the points are, and from the first day on where
    the developer belongs to another account than before, or the tenant has another threshold.
-#}
with redraws as (
    select * from {{ ref('int_developer_redraws') }}
),

states as (
    select * from {{ ref('int_developer_accounts') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
),

changed as (
    select
        states.developer_id,
        this_run.first_trend_day as first_day
    from states
    inner join thresholds on states.tenant_id = thresholds.tenant_id
    cross join this_run
    where states.changed_at = this_run.published_at or thresholds.changed_at = this_run.published_at
),

all_redraws as (
    select
        developer_id,
        first_day
    from redraws
    union all
    select
        developer_id,
        first_day
    from changed
),

earliest as (
    select
        all_redraws.developer_id,
        developer_numbers.developer_number,
        min(all_redraws.first_day) as first_day,
        min(all_redraws.first_day) < max(this_run.first_new_day) as is_drawn_again
    from all_redraws
    cross join this_run
    inner join developer_numbers on all_redraws.developer_id = developer_numbers.developer_id
    group by all_redraws.developer_id, developer_numbers.developer_number
)

select * from earliest
