{#-
    From which day on an account's points must be drawn again: the first day on which something of it changed, else the
    first day that is new to all. An activity never changes a day before its own. In a full build: every day.
-#}
with spans as (
    select * from {{ ref('int_activity_spans') }}
),

touched_days as (
    select * from {{ ref('int_touched_days') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
),

first_days as (
    select
        account_id,
        min(activity_day) as first_touched_day
    from touched_days
    group by account_id
),

accounts as (
    select account_id from spans
    union
    select account_id from first_days
),

redraws as (
    select
        account_numbers.account_id,
        account_numbers.account_number,
        account_numbers.tenant_id,
        greatest(
            this_run.first_score_day,
            least(coalesce(first_days.first_touched_day, this_run.first_new_day), this_run.first_new_day)
        ) as first_day
    from accounts
    cross join this_run
    inner join account_numbers on accounts.account_id = account_numbers.account_id
    left join first_days on accounts.account_id = first_days.account_id
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
