{#-
    The identifiers of whom something is seen, or said by a contact, that was not so in the last run, or is no longer:
    what is known of people can change only from these on. All of them after a change of the rules. Empty in a full
    build.
-#}
{%- set compared -%}
tenant_id, email, github_login, user_id, anonymous_id, shown_domain, first_seen_day, display_name
{%- endset -%}
with displaced as (
    select * from {{ ref('int_displaced_sightings') }}
),

touched_people as (
    select * from {{ ref('int_touched_people') }}
),

this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

summed_up as (
    select sightings.*
    from {{ ref('int_activity_sightings') }} as sightings
    inner join touched_people
        on sightings.person_key = touched_people.person_key and sightings.tenant_id = touched_people.tenant_id
),

{# What came back unchanged touches nobody. #}
gone as (
    select {{ compared }} from displaced
    except
    select {{ compared }} from summed_up
),

new as (
    select {{ compared }} from summed_up
    except
    select {{ compared }} from displaced
),

contacts as (
    select contacts.*
    from {{ ref('int_contact_states') }} as contacts
    inner join this_run on contacts.changed_at = this_run.published_at
),

under_new_rules as (
    select sightings.*
    from {{ ref('int_identity_sightings') }} as sightings
    inner join {{ ref('int_people_rules') }} as rules on rules.rule_set = 'people'
    inner join this_run on rules.changed_at = this_run.published_at
),

touched as (
    {%- for relation in ['gone', 'new', 'contacts', 'under_new_rules'] %}
    {{ identifiers_in(relation) }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

keyed as (
    select
        touched.tenant_id,
        touched.identifier_kind,
        touched.identifier_value,
        touched.identifier_kind || ':' || touched.identifier_value as identifier
    from touched
    cross join this_run
)

select * from keyed
