{#-
    What of a record is a sighting: the identifiers that it shows together. A push shows the domain of a work address
    without the address.
-#}
{% macro seen_together(record) -%}
    {{ record }}.tenant_id,
        {{ record }}.email,
        {{ record }}.github_login,
        {{ record }}.user_id,
        {{ record }}.anonymous_id,
        case when {{ record }}.email is null then {{ record }}.email_domain end as shown_domain,
        {{ record }}.activity_day as first_seen_day,
        {{ record }}.display_name
{%- endmacro %}

{#- Which records show anybody: they could be read, are no repetition, and are not of the future. -#}
{% macro shows_people(record, as_of_day) -%}
    {{ record }}.rejection_reason is null
        and {{ record }}.exclusion_reason is null
        and {{ first_value(record) }} is not null
        and {{ record }}.activity_day <= {{ as_of_day }}
{%- endmacro %}

{#- Sightings of the same identifiers made one: first seen on the earliest day, with the last name by alphabet. -#}
{% macro merged_sightings(sightings) -%}
    select
        tenant_id,
        {{ person_key(sightings) }} as person_key,
        email,
        github_login,
        user_id,
        anonymous_id,
        shown_domain,
        min(first_seen_day) as first_seen_day,
        max(display_name) as display_name
    from {{ sightings }}
    group by tenant_id, email, github_login, user_id, anonymous_id, shown_domain
{%- endmacro %}
