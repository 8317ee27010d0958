with matches as (
    select * from {{ ref('int_segment_matches') }}
),

changes as (
    select * from {{ ref('segment_changes') }}
),

run as (
    select * from {{ ref('int_run') }}
),

{# A build of a day in the past does not look at what was recorded of later ones. #}
last_entries as (
    select
        changes.segment,
        changes.account_id,
        max(changes.changed_on) as entered_on
    from changes
    inner join run on changes.changed_on <= run.as_of_date
    where changes.change = 'entered'
    group by changes.segment, changes.account_id
),

members as (
    select
        matches.segment,
        matches.account_id,
        last_entries.entered_on,
        matches.reason
    from matches
    inner join last_entries
        on
            matches.segment = last_entries.segment
            and matches.account_id = last_entries.account_id
)

select * from members
