{{ config(enabled='fivetran_marketo' in var('sources')) }}

{%- set raw_columns = [
    'id', 'email', 'first_name', 'last_name', 'title', 'company', 'website', 'unsubscribed', 'created_at', 'updated_at',
    '_fivetran_deleted', '_fivetran_synced',
] -%}
with leads as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source_leads.' ~ column) }} as {{ column }},
        {% endfor %}
        'lead' as table_name
    from {{ source('fivetran_marketo', 'lead') }} as source_leads
),

{{ marketo_merge_ctes() }},

known as (
    select
        leads.*,
        coalesce(merged_leads.final_lead_id, leads.id) as final_lead_id,
        deleted_leads.lead_id is not null or coalesce({{ try_boolean('leads._fivetran_deleted') }}, false)
            as is_deleted,
        case when leads.id is null then 'missing_id' end as rejection_reason
    from leads
    left join merged_leads on leads.id = merged_leads.lead_id
    left join deleted_leads on leads.id = deleted_leads.lead_id
),

shaped as (
    select
        'fivetran_marketo' as source_system,
        'default' as tenant_id,
        lower({{ unhashed_nothing('email') }}) as email,
        cast(null as {{ dbt.type_string() }}) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        'marketo:' || final_lead_id as anonymous_id,
        {{ clean_text("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") }} as full_name,
        title as job_title,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        company as company_name,
        {{ domain_of('website') }} as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,     -- `unsubscribed` says no to mail and not to the product
        cast(null as date) as valid_from,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        table_name
    from known
    where not is_deleted
)

select * from shaped
