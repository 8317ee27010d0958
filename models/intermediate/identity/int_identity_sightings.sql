{#-
    The identifiers that were seen together, each set of them once: everything about people is worked out from these,
    never from the activities again.
-#}
with records as (
    select * from {{ ref('int_activity_records') }}
),

contacts as (
    select * from {{ ref('int_contacts') }}
),

run as (
    select * from {{ ref('int_run') }}
),

from_activities as (
    select
        records.tenant_id,
        records.email,
        records.github_login,
        records.user_id,
        records.anonymous_id,
        min(records.activity_day) as first_seen_day,
        max(records.display_name) as display_name
    from records
    cross join run
    where
        records.rejection_reason is null
        and records.exclusion_reason is null
        and records.activity_day <= run.as_of_day
        and coalesce(records.email, records.github_login, records.user_id, records.anonymous_id) is not null
    group by records.tenant_id, records.email, records.github_login, records.user_id, records.anonymous_id
),

from_contacts as (
    select
        tenant_id,
        email,
        github_login,
        user_id,
        anonymous_id,
        min(cast(null as integer)) as first_seen_day,
        max(full_name) as display_name
    from contacts
    group by tenant_id, email, github_login, user_id, anonymous_id
),

sightings as (
    select
        from_activities.*,
        'activities' as seen_in
    from from_activities
    union all
    select
        from_contacts.*,
        'contacts' as seen_in
    from from_contacts
)

select * from sightings
