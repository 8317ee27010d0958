{{ config(enabled='fivetran_hubspot' in var('sources'), materialized='table') }}

with contacts as (
    select
        {{ clean_text('id') }} as contact_id,
        lower({{ clean_text('property_email') }}) as email,
        {{ clean_text("coalesce(property_firstname, '') || ' ' || coalesce(property_lastname, '')") }} as full_name,
        {{ clean_text('property_associatedcompanyid') }} as company_id,
        {{ clean_text('property_hs_merged_object_ids') }} as merged_ids,
        {{ clean_text('property_hs_calculated_merged_vids') }} as merged_vids,
        {{ is_true('_fivetran_deleted') }} or {{ is_true('is_deleted') }} or {{ is_true('archived') }} as is_deleted
    from {{ source('fivetran_hubspot', 'contact') }}
),

company_domains as (
    select * from {{ ref('stg_fivetran_hubspot__company_domains') }}
),

listed as (
    {#- A list of ids; until 2025 id:milliseconds; before 2022 a table of its own. #}
    {{ split_list('contacts', ['contact_id'], 'merged_ids') }}
    union
    {{ split_list('contacts', ['contact_id'], 'merged_vids') }}
    union
    select
        {{ clean_text('canonical_vid') }} as contact_id,
        {{ clean_text('vid_to_merge') }} as item
    from {{ source('fivetran_hubspot', 'contact_merge_audit') }}
),

merge_links as (
    select
        split_part(item, ':', 1) as merged_id,
        min(contact_id) as survivor_id
    from listed
    where split_part(item, ':', 1) <> contact_id
    group by split_part(item, ':', 1)
),

followed as (
    {{ follow_merges('merge_links') }}
),

resolved as (
    select
        contact_id,
        contact_id as survivor_id
    from contacts
    where contact_id is not null and contact_id not in (select followed.merged_id from followed)
    union
    select
        merged_id as contact_id,
        survivor_id
    from followed
),

shaped as (
    select
        resolved.contact_id,
        resolved.survivor_id,
        'hubspot:' || resolved.survivor_id as user_id,
        case
            when not survivors.is_deleted and not {{ is_github_noreply('survivors.email') }} then survivors.email
        end as email,
        case when not survivors.is_deleted then survivors.full_name end as full_name,
        case when not survivors.is_deleted then company_domains.account_domain end as account_domain,
        coalesce(survivors.is_deleted, false) as is_deleted
    from resolved
    left join contacts as survivors on resolved.survivor_id = survivors.contact_id
    left join company_domains on survivors.company_id = company_domains.company_id
)

select * from shaped
