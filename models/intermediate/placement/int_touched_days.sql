{#-
    The people, accounts and days at which an activity was there before this run or is there now, and was written or
    displaced in it: whatever is summed up by these keys is summed up again. Empty in a full build.
-#}
with activities as (
    select * from {{ ref('int_activities') }}
),

displaced as (
    select * from {{ ref('int_displaced_activities') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

touched as (
    select
        displaced.account_number,
        displaced.developer_number,
        displaced.activity_day
    from displaced
    cross join this_run
    union
    select
        activities.account_number,
        activities.developer_number,
        activities.activity_day
    from activities
    inner join this_run on activities.written_at = this_run.published_at
),

{# A key may lack a developer or an account; for comparisons both are never null. #}
keyed as (
    select
        touched.account_number,
        touched.developer_number,
        account_numbers.account_id,
        developer_numbers.developer_id,
        touched.activity_day,
        coalesce(touched.account_number, 0) as account_key,
        coalesce(touched.developer_number, 0) as developer_key
    from touched
    left join account_numbers on touched.account_number = account_numbers.account_number
    left join developer_numbers on touched.developer_number = developer_numbers.developer_number
)

select * from keyed
