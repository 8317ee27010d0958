{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{%- set raw_columns = [
    'id', 'property_email', 'property_hs_additional_emails', 'property_firstname', 'property_lastname',
    'property_jobtitle', 'property_company', 'property_website', 'property_createdate',
] -%}
with contacts as (
    select
        {{ cleaned_columns(raw_columns) }}
    from {{ source('fivetran_hubspot', 'contact') }} as raw
),

people as (
    select * from {{ ref('stg_fivetran_hubspot__people') }}
),

living as (
    select
        contacts.*,
        people.user_id,
        people.full_name,
        people.account_domain,
        people.survivor_id,
        people.contact_id = people.survivor_id as is_survivor,
        lower(contacts.property_email) as email,
        case
            when contacts.id is null then 'missing_id'
            when contacts.property_createdate is not null and {{ moment_of('contacts.property_createdate') }} is null
                then 'bad_property_createdate'
        end as rejection_reason
    from contacts
    left join people on contacts.id = people.contact_id
    where contacts.id is null or not people.is_deleted
),

further_emails as (
    {#- Further addresses of a contact, each a row: what is seen together with one user_id is one developer. #}
    {{ split_list('living', ['user_id', 'id', 'rejection_reason'], 'property_hs_additional_emails') }}
),

sightings as (
    {#- A contact that was merged away gives its address to the one that is left, and nothing else. #}
    select
        user_id,
        id,
        email,
        case when is_survivor then full_name end as full_name,
        case when is_survivor then property_jobtitle end as property_jobtitle,
        case when is_survivor then property_company end as property_company,
        case when is_survivor then account_domain end as account_domain,
        case when is_survivor then {{ domain_of('property_website') }} end as website_domain,
        case when is_survivor then cast({{ moment_of('property_createdate') }} as date) end as valid_from,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record
    from living
    union all
    select
        user_id,
        id,
        lower(item) as email,
        cast(null as {{ dbt.type_string() }}) as full_name,
        cast(null as {{ dbt.type_string() }}) as property_jobtitle,
        cast(null as {{ dbt.type_string() }}) as property_company,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as website_domain,
        cast(null as date) as valid_from,
        rejection_reason,
        cast(null as {{ dbt.type_string() }}) as record
    from further_emails
    where rejection_reason is null
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        case when not {{ is_github_noreply('email') }} then email end as email,
        {{ github_noreply_login('email') }} as github_login,
        user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        full_name,
        property_jobtitle as job_title,
        account_domain,
        property_company as company_name,
        website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,     -- who wants no mail still uses the product
        valid_from,
        rejection_reason,
        record,
        'contact' as table_name
    from sightings
)

select * from shaped
