with episodes as (
    select * from {{ ref('playbook_episodes') }}
    where is_routed
),

accounts as (
    select * from {{ ref('accounts') }}
),

segments as (
    select * from {{ ref('segments') }}
    where playbook is not null
),

members as (
    select * from {{ ref('segment_members') }}
),

owners as (
    select * from {{ ref('int_account_owners') }}
),

contacts as (
    select * from {{ ref('int_route_contacts') }}
),

first_touches as (
    select * from {{ ref('int_route_first_touches') }}
),

forecasts as (
    select * from {{ ref('int_route_forecasts') }}
),

{# What else is known of the account: it may surge, too, while it is worked as a deal. #}
all_segments as (
    select
        members.account_id,
        {{ dbt.listagg('members.segment', "', '", 'order by segments.priority, members.segment') }} as segment_list
    from members
    inner join segments on members.segment = segments.segment
    group by members.account_id
),

{# Where several segments lead to one playbook, the most urgent of them says what to do. #}
ranked_segments as (
    select
        segments.*,
        row_number() over (partition by playbook order by priority asc, segment asc) as segment_rank
    from segments
),

ranked_members as (
    select
        members.account_id,
        members.reason,
        segments.playbook,
        row_number() over (
            partition by members.account_id, segments.playbook
            order by segments.priority asc, segments.segment asc
        ) as member_rank
    from members
    inner join segments on members.segment = segments.segment
),

routes as (
    select
        episodes.account_id,
        episodes.playbook,
        episodes.episode_started_on,
        owners.owner_email,
        owners.owner_source,
        contacts.engaged_contacts,
        first_touches.recommended_first_touch,
        first_touches.most_recent_meaningful_activity_at,
        ranked_segments.action_steps,
        forecasts.expected_to_leave_high_on,
        episodes.priority,
        ranked_members.reason,
        all_segments.segment_list,
        episodes.left_on,
        owners.owner_name,
        accounts.tenant_id,
        accounts.account_name,
        accounts.account_domain,
        accounts.lifecycle_stage,
        accounts.activity_score,
        accounts.score_trend,
        first_touches.first_touch_headline,
        first_touches.first_touch_contact,
        first_touches.first_touch_activity_on,
        accounts.as_of_date
    from episodes
    inner join accounts on episodes.account_id = accounts.account_id
    inner join owners on episodes.account_id = owners.account_id
    inner join ranked_segments
        on
            episodes.playbook = ranked_segments.playbook
            and ranked_segments.segment_rank = 1
    left join ranked_members
        on
            episodes.account_id = ranked_members.account_id
            and episodes.playbook = ranked_members.playbook
            and ranked_members.member_rank = 1
    left join all_segments on episodes.account_id = all_segments.account_id
    left join contacts on episodes.account_id = contacts.account_id
    left join first_touches on episodes.account_id = first_touches.account_id
    left join forecasts on episodes.account_id = forecasts.account_id
)

select * from routes
