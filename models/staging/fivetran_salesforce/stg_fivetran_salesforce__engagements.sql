{{ config(enabled='fivetran_salesforce' in var('sources')) }}

with engagements as (
    select * from {{ ref('stg_fivetran_salesforce__events') }}
    union all
    select * from {{ ref('stg_fivetran_salesforce__tasks') }}
),

people as (
    select * from {{ ref('stg_fivetran_salesforce__people') }}
),

account_domains as (
    select * from {{ ref('stg_fivetran_salesforce__account_domains') }}
),

joined as (
    select
        engagements.*,
        people.person_id is not null and people.is_deleted as is_person_deleted,
        people.email,
        people.full_name,
        coalesce(people.user_id, 'salesforce:' || engagements.who_id) as user_id,
        coalesce(account_domains.account_domain, people.account_domain) as account_domain
    from engagements
    left join people on engagements.who_id = people.person_id
    left join account_domains on engagements.account_id = account_domains.account_id
),

shaped as (
    select
        'fivetran_salesforce' as source_system,
        'default' as tenant_id,
        activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        activity_type,
        case when not is_person_deleted then email end as email,
        case when not is_person_deleted then {{ email_domain('email') }} end as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        case when not is_person_deleted then user_id end as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        case when not is_person_deleted then full_name end as display_name,
        account_domain,
        cast(null as {{ dbt.type_string() }}) as url,
        false as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when rejection_reason is null then exclusion_reason end as exclusion_reason,
        rejection_reason,
        record,
        table_name,
        cast(null as {{ dbt.type_string() }}) as unmatched_name
    from joined
)

select * from shaped
