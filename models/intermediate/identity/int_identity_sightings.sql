{{ config(materialized='view') }}

{#- The identifiers that were seen together, in activities or in one contact. -#}
with activity_sightings as (
    select * from {{ ref('int_activity_sightings') }}
),

contacts as (
    select * from {{ ref('int_contacts') }}
),

contact_sightings as (
    select
        contacts.tenant_id,
        {{ person_key('contacts') }} as person_key,
        contacts.email,
        contacts.github_login,
        contacts.user_id,
        contacts.anonymous_id,
        max(contacts.full_name) as display_name
    from contacts
    group by
        contacts.tenant_id, contacts.email, contacts.github_login, contacts.user_id, contacts.anonymous_id
),

sightings as (
    select
        tenant_id,
        person_key,
        email,
        github_login,
        user_id,
        anonymous_id,
        shown_domain,
        first_seen_day,
        display_name,
        'activities' as seen_in
    from activity_sightings
    union all
    select
        tenant_id,
        person_key,
        email,
        github_login,
        user_id,
        anonymous_id,
        cast(null as {{ dbt.type_string() }}) as shown_domain,
        cast(null as integer) as first_seen_day,
        display_name,
        'contacts' as seen_in
    from contact_sightings
)

select * from sightings
