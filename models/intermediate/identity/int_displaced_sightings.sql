{#- Filled by int_activity_sightings, which takes these out before it sums them up anew. Begins every run empty. -#}
{%- set text = dbt.type_string() %}
{%- set columns = ['tenant_id', 'person_key', 'email', 'github_login', 'user_id', 'anonymous_id', 'shown_domain'] %}
with typed as (
    select
        {%- for column in columns %}
        cast('' as {{ text }}) as {{ column }},
        {%- endfor %}
        cast(0 as integer) as first_seen_day,
        cast('' as {{ text }}) as display_name
),

empty as (
    select * from typed
    where tenant_id <> ''
)

select * from empty
