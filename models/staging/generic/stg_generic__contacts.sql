{%- set raw_columns = [
    'email', 'tenant_id', 'full_name', 'job_title', 'github_login', 'user_id', 'anonymous_id', 'account_domain',
    'developer_tags', 'opted_out', 'valid_from',
] %}
with source as (
    select * from {{ source('generic', 'contacts') }}
),

renamed as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source.' ~ column) }} as {{ column }},
        {% endfor %}
        'generic' as source_system
    from source
),

checked as (
    select
        renamed.*,
        {{ try_boolean('opted_out') }} as is_opted_out,
        cast({{ try_timestamp('valid_from') }} as date) as valid_from_date,
        case
            when coalesce(email, github_login, user_id, anonymous_id) is null then 'missing_email'
            when opted_out is not null and {{ try_boolean('opted_out') }} is null
                then 'bad_opted_out'
            when valid_from is not null and {{ try_timestamp('valid_from') }} is null then 'bad_valid_from'
        end as rejection_reason
    from renamed
),

shaped as (
    select
        source_system,
        coalesce(tenant_id, 'default') as tenant_id,
        case when not {{ is_github_noreply('lower(email)') }} then lower(email) end as email,
        coalesce(lower(github_login), {{ github_noreply_login('lower(email)') }}) as github_login,
        user_id,
        anonymous_id,
        full_name,
        job_title,
        {{ host_of('account_domain') }} as account_domain,
        cast(null as {{ dbt.type_string() }}) as company_name,
        cast(null as {{ dbt.type_string() }}) as website_domain,
        developer_tags,
        coalesce(is_opted_out, false) as opted_out,
        valid_from_date as valid_from,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'contacts' as table_name
    from checked
)

select * from shaped
