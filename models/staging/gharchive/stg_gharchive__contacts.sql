{{ config(enabled='gharchive' in var('sources')) }}

{%- set raw_columns = ['login', 'id', 'type', 'name', 'company', 'email', 'blog', 'location'] -%}
with users as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source_users.' ~ column) }} as {{ column }},
        {% endfor %}
        case when {{ clean_text('source_users.login') }} is null then 'missing_login' end as rejection_reason
    from {{ source('gharchive', 'users') }} as source_users
),

shaped as (
    select
        'gharchive' as source_system,
        'default' as tenant_id,
        case when not {{ is_github_noreply('lower(email)') }} then lower(email) end as email,
        lower(login) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        name as full_name,
        cast(null as {{ dbt.type_string() }}) as job_title,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        {#- People write @acme for the organisation on GitHub. #}
        {{ clean_text("case when company like '@%' then substring(company, 2) else company end") }} as company_name,
        {{ host_of('blog') }} as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        cast(null as date) as valid_from,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'users' as table_name
    from users
)

select * from shaped
