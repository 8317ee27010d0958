{{ config(enabled='fivetran_hubspot' in var('sources')) }}

with engagements as (
    select * from {{ ref('stg_fivetran_hubspot__engagement_times') }}
),

first_people as (
    select * from {{ ref('stg_fivetran_hubspot__engagement_people') }}
    where person_rank = 1 and not is_deleted
),

company_domains as (
    select * from {{ ref('stg_fivetran_hubspot__company_domains') }}
),

engagement_domains as (
    select
        {{ clean_text('links.engagement_id') }} as engagement_id,
        min(company_domains.account_domain) as account_domain
    from {{ source('fivetran_hubspot', 'engagement_company') }} as links
    inner join company_domains on {{ clean_text('links.company_id') }} = company_domains.company_id
    group by {{ clean_text('links.engagement_id') }}
),

joined as (
    select
        engagements.*,
        first_people.user_id,
        first_people.email,
        first_people.full_name,
        coalesce(engagement_domains.account_domain, first_people.account_domain) as account_domain
    from engagements
    left join first_people on engagements.engagement_id = first_people.engagement_id
    left join engagement_domains on engagements.engagement_id = engagement_domains.engagement_id
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        'engagement:' || engagement_id as activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        activity_type,
        email,
        {{ email_domain('email') }} as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        full_name as display_name,
        account_domain,
        cast(null as {{ dbt.type_string() }}) as url,
        false as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when rejection_reason is null then exclusion_reason end as exclusion_reason,
        rejection_reason,
        case
            when rejection_reason is not null
                then {{ record_json(['engagement_id', 'time_text', 'outcome', 'direction']) }}
        end as record,
        table_name
    from joined
)

select * from shaped
