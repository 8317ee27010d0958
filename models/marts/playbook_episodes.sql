{#-
    Worked out from the segments' history alone, so it is the same whenever and however often it is run. A member's stay
    in a segment lasts from its entry to its exit; stays in the segments of one playbook that overlap, or are less than
    reopen_after_days apart, are one episode. An episode that the account has left stays open for as long: an account on
    the edge of a segment does not get a new task with every dip.
-#}
{%- set still_in = 1000000 -%}
with changes as (
    select * from {{ ref('segment_changes') }}
),

segments as (
    select * from {{ ref('segments') }}
    where playbook is not null
),

accounts as (
    select * from {{ ref('accounts') }}
),

settings as (
    select * from {{ ref('int_route_settings') }}
),

run as (
    select * from {{ ref('int_run') }}
),

known_changes as (
    select
        changes.account_id,
        segments.playbook,
        segments.priority,
        changes.change,
        {{ to_day('changes.changed_on') }} as changed_day,
        lead({{ to_day('changes.changed_on') }}) over (
            partition by changes.segment, changes.account_id
            order by changes.changed_on
        ) as next_changed_day
    from changes
    inner join run on changes.changed_on <= run.as_of_date
    inner join segments on changes.segment = segments.segment
),

stays as (
    select
        known_changes.account_id,
        known_changes.playbook,
        known_changes.priority,
        known_changes.changed_day as entered_day,
        coalesce(known_changes.next_changed_day, {{ still_in }}) as left_day,
        coalesce(accounts.lifecycle_stage, '') = 'Disqualified' as is_disqualified,
        settings.reopen_after_days
    from known_changes
    inner join accounts on known_changes.account_id = accounts.account_id
    inner join settings on accounts.tenant_id = settings.tenant_id
    where known_changes.change = 'entered'
),

stays_in_order as (
    select
        stays.*,
        max(left_day) over (
            partition by account_id, playbook
            order by entered_day, left_day
            rows between unbounded preceding and 1 preceding
        ) as out_since_day
    from stays
),

numbered_stays as (
    select
        stays_in_order.*,
        sum(case when entered_day - out_since_day < reopen_after_days then 0 else 1 end) over (
            partition by account_id, playbook
            order by entered_day, left_day
            rows between unbounded preceding and current row
        ) as episode_number
    from stays_in_order
),

episodes as (
    select
        account_id,
        playbook,
        min(priority) as priority,
        min(entered_day) as started_day,
        max(left_day) as left_day,
        is_disqualified,
        reopen_after_days
    from numbered_stays
    group by account_id, playbook, episode_number, is_disqualified, reopen_after_days
),

judged as (
    select
        episodes.*,
        run.as_of_day - episodes.left_day >= episodes.reopen_after_days as is_over
    from episodes
    cross join run
),

{# One task per account. Sales has said no to who is disqualified: nobody is sent there. #}
ranked as (
    select
        judged.*,
        row_number() over (
            partition by account_id
            order by
                case when is_over or is_disqualified then 1 else 0 end asc,
                priority asc,
                playbook asc,
                started_day desc
        ) as task_rank
    from judged
),

shaped as (
    select
        account_id,
        playbook,
        priority,
        {{ to_date('started_day') }} as episode_started_on,
        case when left_day < {{ still_in }} then {{ to_date('left_day') }} end as left_on,
        is_over,
        (task_rank = 1 and not is_over and not is_disqualified) as is_routed
    from ranked
)

select * from shaped
