{{ config(enabled='fivetran_salesforce' in var('sources'), materialized='table') }}

{%- set contact_columns = [
    'id', 'account_id', 'email', 'name', 'first_name', 'last_name', 'title', 'created_date', 'is_deleted',
    'master_record_id', 'individual_id', '_fivetran_deleted', '_fivetran_active',
] -%}
{%- set lead_columns = [
    'id', 'converted_contact_id', 'converted_account_id', 'email', 'name', 'first_name', 'last_name', 'title',
    'company', 'website', 'created_date', 'is_deleted', 'master_record_id', 'individual_id', '_fivetran_deleted',
    '_fivetran_active',
] -%}
{%- set individual_columns = [
    'id', 'has_opted_out_tracking', 'has_opted_out_profiling', 'has_opted_out_processing', 'should_forget', 'is_deleted',
] -%}
{%- set whole_name = clean_text("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") -%}
with contacts as (
    select
        {{ salesforce_columns(contact_columns) }}
    from {{ source('fivetran_salesforce', 'contact') }} as raw
),

leads as (
    select
        {{ salesforce_columns(lead_columns) }}
    from {{ source('fivetran_salesforce', 'lead') }} as raw
),

individuals as (
    select
        {{ salesforce_columns(individual_columns) }}
    from {{ source('fivetran_salesforce', 'individual') }} as raw
),

account_domains as (
    select * from {{ ref('stg_fivetran_salesforce__account_domains') }}
),

opted_out as (
    {#- Who has forbidden tracking, which is more than to want no mail. #}
    select distinct id as individual_id
    from individuals
    where
        not {{ is_true('is_deleted') }}
        and (
            {{ is_true('has_opted_out_tracking') }} or {{ is_true('has_opted_out_profiling') }}
            or {{ is_true('has_opted_out_processing') }} or {{ is_true('should_forget') }}
        )
),

known as (
    select
        'contact' as table_name,
        id as person_id,
        coalesce(master_record_id, id) as stands_for,
        account_id,
        lower(email) as email,
        coalesce(name, {{ whole_name }}) as full_name,
        title,
        cast(null as {{ dbt.type_string() }}) as company_name,
        cast(null as {{ dbt.type_string() }}) as website,
        created_date,
        individual_id,
        {{ is_true('is_deleted') }} or {{ is_true('_fivetran_deleted') }} as is_deleted
    from contacts
    where coalesce({{ try_boolean('_fivetran_active') }}, true)
    union all
    {#- A converted lead is the contact that it became. #}
    select
        'lead' as table_name,
        id as person_id,
        coalesce(master_record_id, converted_contact_id, id) as stands_for,
        converted_account_id as account_id,
        lower(email) as email,
        coalesce(name, {{ whole_name }}) as full_name,
        title,
        company as company_name,
        website,
        created_date,
        individual_id,
        {{ is_true('is_deleted') }} or {{ is_true('_fivetran_deleted') }} as is_deleted
    from leads
    where coalesce({{ try_boolean('_fivetran_active') }}, true)
),

merge_links as (
    select
        person_id as merged_id,
        min(stands_for) as survivor_id
    from known
    where stands_for <> person_id
    group by person_id
),

followed as (
    {{ follow_merges('merge_links') }}
),

resolved as (
    select
        known.*,
        coalesce(followed.survivor_id, known.person_id) as survivor_id
    from known
    left join followed on known.person_id = followed.merged_id
),

shaped as (
    select
        resolved.table_name,
        resolved.person_id,
        resolved.survivor_id,
        'salesforce:' || resolved.survivor_id as user_id,
        resolved.email as own_email,
        {#- Who was merged away or converted goes by the address of the one that is left, where that one is known. #}
        coalesce(survivors.email, resolved.email) as email,
        coalesce(survivors.full_name, resolved.full_name) as full_name,
        resolved.title,
        resolved.company_name,
        {{ domain_of('resolved.website') }} as website_domain,
        coalesce(survivor_accounts.account_domain, account_domains.account_domain) as account_domain,
        resolved.created_date,
        opted_out.individual_id is not null as opted_out,
        {#- A record that lost in a merge is deleted as well; what counts is the one that is left. #}
        case
            when resolved.person_id <> resolved.survivor_id and survivors.person_id is not null
                then survivors.is_deleted
            when resolved.person_id <> resolved.survivor_id then false
            else resolved.is_deleted
        end as is_deleted
    from resolved
    left join known as survivors on resolved.survivor_id = survivors.person_id
    left join account_domains on resolved.account_id = account_domains.account_id
    left join account_domains as survivor_accounts on survivors.account_id = survivor_accounts.account_id
    left join opted_out on resolved.individual_id = opted_out.individual_id
    where resolved.person_id is not null
)

select * from shaped
