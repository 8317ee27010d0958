{#-
    What signals, tasks and marts want to know of the people of an account, from one pass over all days: by numbers, and
    the ids come to the few rows that are left.
-#}
with run as (
    select * from {{ ref('int_run') }}
),

tenants as (
    select * from {{ ref('int_tenants') }}
),

new_developer_settings as (
    {{ signal_settings('new_developer', [], ['minimum_points']) }}
),

active_again_settings as (
    {{ signal_settings('active_again', ['within_days'], ['minimum_points']) }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

activity_days as (
    select
        activity_days.*,
        run.as_of_day - activity_days.activity_day as age_days
    from {{ ref('int_activity_days') }} as activity_days
    cross join run
    where
        activity_days.points > 0
        and activity_days.party <> 'third'
        and activity_days.account_number is not null
        and activity_days.activity_day <= run.as_of_day
),

numbered_people as (
    select
        activity_days.account_number,
        activity_days.developer_number,
        min(
            case
                when activity_days.points >= new_developer_settings.minimum_points then activity_days.activity_day
            end
        ) as joined_day,
        max(activity_days.activity_day) as last_day,
        max(case when activity_days.age_days >= 7 then activity_days.activity_day end) as last_day_a_week_ago,
        min(
            case
                when
                    activity_days.points >= active_again_settings.minimum_points
                    and activity_days.age_days < active_again_settings.within_days
                    then activity_days.activity_day
            end
        ) as first_recent_day,
        max(
            case
                when
                    activity_days.points >= active_again_settings.minimum_points
                    and activity_days.age_days >= active_again_settings.within_days
                    then activity_days.activity_day
            end
        ) as last_earlier_day,
        sum(
            case
                when activity_days.age_days < tenants.window_days
                    then
                        activity_days.points * activity_days.role_weight
                        * {{ decay('activity_days.age_days', 'activity_days.half_life_days') }}
                else 0
            end
        ) as engagement_points
    from activity_days
    cross join new_developer_settings
    cross join active_again_settings
    inner join tenants on activity_days.tenant_id = tenants.tenant_id
    group by activity_days.account_number, activity_days.developer_number
),

people as (
    select
        account_numbers.account_id,
        developer_numbers.developer_id,
        numbered_people.*
    from numbered_people
    inner join account_numbers on numbered_people.account_number = account_numbers.account_number
    left join developer_numbers on numbered_people.developer_number = developer_numbers.developer_number
)

select * from people
