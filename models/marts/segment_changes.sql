{#-
    The history of all segments, carried from build to build. A build of a day replaces what was known of that day: who
    was a member before it is the replay of the older changes, who is one now says the segments, and the difference
    between the two is the day's. Where a later day has been built already, its changes are written anew as well, from
    today's members to those it ended with. So running twice changes nothing, and an earlier day that is run later
    leaves the later ones as they were.
-#}
with carried as (
    select * from {{ source('activity_score', 'segment_changes') }}
),

publications as (
    select * from {{ source('activity_score', 'publications') }}
),

matches as (
    select * from {{ ref('int_segment_matches') }}
),

run as (
    select * from {{ ref('int_run') }}
),

built_days as (
    select distinct as_of_date as built_on
    from publications
    union
    select distinct changed_on as built_on
    from carried
),

days as (
    select
        run.as_of_date as run_on,
        min(built_days.built_on) as next_run_on
    from run
    left join built_days on run.as_of_date < built_days.built_on
    group by run.as_of_date
),

{# Entries and exits of a member alternate, so their sum up to a day says whether it was in at its end. #}
replayed as (
    select
        carried.segment,
        carried.account_id,
        sum(
            case
                when carried.changed_on >= days.run_on then 0
                when carried.change = 'entered' then 1
                else -1
            end
        ) as was_member,
        0 as is_member,
        sum(
            case
                when days.next_run_on is null or carried.changed_on > days.next_run_on then 0
                when carried.change = 'entered' then 1
                else -1
            end
        ) as is_member_next
    from carried
    cross join days
    group by carried.segment, carried.account_id
),

memberships as (
    select
        segment,
        account_id,
        was_member,
        is_member,
        is_member_next
    from replayed
    union all
    select
        segment,
        account_id,
        0 as was_member,
        1 as is_member,
        0 as is_member_next
    from matches
),

states as (
    select
        segment,
        account_id,
        sum(was_member) as was_member,
        sum(is_member) as is_member,
        sum(is_member_next) as is_member_next
    from memberships
    group by segment, account_id
),

all_changes as (
    select
        carried.segment,
        carried.account_id,
        carried.change,
        carried.changed_on
    from carried
    cross join days
    where
        carried.changed_on <> days.run_on
        and (days.next_run_on is null or carried.changed_on <> days.next_run_on)
    union all
    select
        states.segment,
        states.account_id,
        case when states.is_member = 1 then 'entered' else 'left' end as change,
        days.run_on as changed_on
    from states
    cross join days
    where states.is_member <> states.was_member
    union all
    select
        states.segment,
        states.account_id,
        case when states.is_member_next = 1 then 'entered' else 'left' end as change,
        days.next_run_on as changed_on
    from states
    cross join days
    where
        days.next_run_on is not null
        and states.is_member_next <> states.is_member
)

select * from all_changes
