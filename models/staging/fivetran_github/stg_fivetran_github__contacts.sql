{{ config(enabled='fivetran_github' in var('sources')) }}

{%- set user_columns = ['id', 'login', 'name', 'company', 'email', 'blog', 'location', 'type', '_fivetran_synced'] -%}
{%- set address_columns = ['email', 'user_id', 'name', '_fivetran_synced'] -%}
with users as (
    select
        {% for column in user_columns %}
        {{ clean_text('source_users.' ~ column) }} as {{ column }},
        {% endfor %}
        case when {{ clean_text('source_users.login') }} is null then 'missing_login' end as rejection_reason,
        'user' as table_name
    from {{ source('fivetran_github', 'user') }} as source_users
),

addresses as (
    select
        {% for column in address_columns %}
        {{ clean_text('source_addresses.' ~ column) }} as {{ column }},
        {% endfor %}
        case when {{ clean_text('source_addresses.email') }} is null then 'missing_email' end as rejection_reason,
        'user_email' as table_name
    from {{ source('fivetran_github', 'user_email') }} as source_addresses
),

logins as (
    select
        id as user_id,
        max(login) as login
    from users
    group by id
),

addresses_recorded as (
    select
        addresses.*,
        case when rejection_reason is not null then {{ record_json(address_columns) }} end as record
    from addresses
),

people as (
    select
        email,
        login,
        name as full_name,
        company,
        blog,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(user_columns) }} end as record,
        table_name
    from users
    union all
    select
        addresses_recorded.email,
        logins.login,
        addresses_recorded.name as full_name,
        cast(null as {{ dbt.type_string() }}) as company,
        cast(null as {{ dbt.type_string() }}) as blog,
        addresses_recorded.rejection_reason,
        addresses_recorded.record,
        addresses_recorded.table_name
    from addresses_recorded
    left join logins on addresses_recorded.user_id = logins.user_id
),

shaped as (
    select
        'fivetran_github' as source_system,
        'default' as tenant_id,
        case when not {{ is_github_noreply('lower(email)') }} then lower({{ unhashed_nothing('email') }}) end as email,
        coalesce(lower(login), {{ github_noreply_login('lower(email)') }}) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        full_name,
        cast(null as {{ dbt.type_string() }}) as job_title,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        {#- People write @acme for the organisation on GitHub. #}
        {{ clean_text("case when company like '@%' then substring(company, 2) else company end") }} as company_name,
        {{ host_of('blog') }} as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        cast(null as date) as valid_from,
        rejection_reason,
        record,
        table_name
    from people
)

select * from shaped
