{{ config(materialized='view') }}

{#-
    What to begin with: of the most recent day on which something meaningful happened, what weighs most (a form before a
    copied command, that before a visit to a page), and of that the latest.
-#}
with activity_days as (
    select * from {{ ref('int_routed_activity_days') }}
    where is_meaningful
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

developers as (
    select * from {{ ref('developers') }}
),

ranked as (
    select
        activity_days.*,
        max(last_occurred_at) over (partition by account_id) as most_recent_meaningful_activity_at,
        row_number() over (
            partition by account_id
            order by
                activity_day desc,
                weight desc,
                last_occurred_at desc,
                activity_type asc,
                developer_id asc nulls last
        ) as touch_rank
    from activity_days
),

first_touches as (
    select
        ranked.account_id,
        ranked.most_recent_meaningful_activity_at,
        activity_types.recommended_first_touch,
        activity_types.headline as first_touch_headline,
        developers.display_name as first_touch_contact,
        {{ to_date('ranked.activity_day') }} as first_touch_activity_on
    from ranked
    inner join activity_types on ranked.activity_type = activity_types.activity_type
    left join developers on ranked.developer_id = developers.developer_id
    where ranked.touch_rank = 1
)

select * from first_touches
