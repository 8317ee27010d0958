{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{#- A user who has left still owns what nobody has taken over, so inactive ones stay. -#}
{%- set raw_columns = ['id', 'name', 'first_name', 'last_name', 'email', '_fivetran_active'] -%}
with users as (
    select
        {{ salesforce_columns(raw_columns) }}
    from {{ source('fivetran_salesforce', 'user') }} as raw
),

shaped as (
    select
        id as owner_id,
        max(
            coalesce(name, {{ clean_text("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") }})
        ) as owner_name,
        max(lower(email)) as owner_email
    from users
    where id is not null and coalesce({{ try_boolean('_fivetran_active') }}, true)
    group by id
)

select * from shaped
