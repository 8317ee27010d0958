{%- set raw_columns = [
    'account_domain', 'tenant_id', 'account_name', 'other_domains', 'crm_account_id', 'parent_domain',
    'lifecycle_stage', 'lifecycle_stage_since', 'owner_name', 'owner_email', 'employee_count', 'industry', 'country',
    'territory',
] %}
with source as (
    select * from {{ source('generic', 'accounts') }}
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
        {{ try_whole_number('employee_count') }} as employees,
        case
            when {{ host_of('account_domain') }} is null then 'missing_account_domain'
            when employee_count is not null and {{ try_whole_number('employee_count') }} is null
                then 'bad_employee_count'
            when lifecycle_stage_since is not null and {{ try_timestamp('lifecycle_stage_since') }} is null
                then 'bad_lifecycle_stage_since'
        end as rejection_reason
    from renamed
),

shaped as (
    select
        source_system,
        coalesce(tenant_id, 'default') as tenant_id,
        {{ host_of('account_domain') }} as account_domain,
        account_name,
        other_domains,
        crm_account_id,
        {{ host_of('parent_domain') }} as parent_domain,
        lifecycle_stage,
        owner_name,
        lower(owner_email) as owner_email,
        employees as employee_count,
        industry,
        country,
        territory,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'accounts' as table_name
    from checked
)

select * from shaped
