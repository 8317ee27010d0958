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

this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

touched as (
    select
        displaced.account_id,
        displaced.developer_id,
        displaced.activity_day
    from displaced
    cross join this_run
    union
    select
        activities.account_id,
        activities.developer_id,
        activities.activity_day
    from activities
    inner join this_run on activities.written_at = this_run.published_at
),

{# A key may lack a developer or an account; for comparisons both are never null. #}
keyed as (
    select
        account_id,
        developer_id,
        activity_day,
        coalesce(account_id, '') as account_key,
        coalesce(developer_id, '') as developer_key
    from touched
)

select * from keyed
