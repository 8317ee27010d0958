{{ config(enabled='fivetran_hubspot' in var('sources'), materialized='table') }}

with links as (
    select
        {{ clean_text('engagement_id') }} as engagement_id,
        {{ clean_text('contact_id') }} as contact_id,
        {{ moment_of(clean_text('_fivetran_synced')) }} as synced_at
    from {{ source('fivetran_hubspot', 'engagement_contact') }}
),

people as (
    select * from {{ ref('stg_fivetran_hubspot__people') }}
),

named as (
    select
        links.engagement_id,
        links.contact_id,
        links.synced_at,
        coalesce(people.survivor_id, links.contact_id) as survivor_id,
        coalesce(people.user_id, 'hubspot:' || links.contact_id) as user_id,
        people.email,
        people.full_name,
        people.account_domain,
        coalesce(people.is_deleted, false) as is_deleted
    from links
    left join people on links.contact_id = people.contact_id
),

ranked as (
    select
        named.*,
        row_number() over (
            partition by engagement_id order by case when is_deleted then 1 else 0 end, survivor_id, contact_id
        ) as person_rank,
        min(case when not is_deleted then survivor_id end) over (partition by engagement_id) as first_survivor_id
    from named
)

select * from ranked
