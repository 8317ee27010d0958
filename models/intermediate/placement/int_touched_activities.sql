{#-
    The activities of the days that are summed up again, looked up once for all who sum them up. Empty in a full build,
    where everybody reads int_activities.
-#}
with touched_days as (
    select * from {{ ref('int_touched_days') }}
),

activities as (
    select activities.*
    from {{ ref('int_activities') }} as activities
    inner join touched_days
        on
            activities.activity_day = touched_days.activity_day
            and coalesce(activities.account_number, 0) = touched_days.account_key
            and coalesce(activities.developer_number, 0) = touched_days.developer_key
)

select * from activities
