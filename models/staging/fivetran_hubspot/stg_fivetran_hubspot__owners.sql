{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{#- An owner who has left still owns what nobody has taken over, so archived ones stay. -#}
with owners as (
    select
        {{ clean_text('owner_id') }} as owner_id,
        {{ clean_text('first_name') }} as first_name,
        {{ clean_text('last_name') }} as last_name,
        lower({{ clean_text('email') }}) as owner_email
    from {{ source('fivetran_hubspot', 'owner') }}
),

shaped as (
    select
        owner_id,
        max({{ clean_text("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") }}) as owner_name,
        max(owner_email) as owner_email
    from owners
    where owner_id is not null
    group by owner_id
)

select * from shaped
