{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{#- The first person of a meeting stands on the meeting's own record; the others come from their link to it. -#}
with engagements as (
    select * from {{ ref('stg_fivetran_hubspot__engagement_times') }}
),

people as (
    select * from {{ ref('stg_fivetran_hubspot__engagement_people') }}
),

first_people as (
    select * from people
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

own_records as (
    select
        engagements.table_name,
        'engagement:' || engagements.engagement_id as activity_id,
        engagements.occurred_at,
        coalesce(engagements.synced_at, engagements.occurred_at) as loaded_at,
        engagements.activity_type,
        first_people.user_id,
        first_people.email,
        first_people.full_name,
        coalesce(engagement_domains.account_domain, first_people.account_domain) as account_domain,
        engagements.exclusion_reason,
        engagements.rejection_reason,
        engagements.engagement_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        engagements.time_text,
        engagements.outcome,
        engagements.direction
    from engagements
    left join first_people on engagements.engagement_id = first_people.engagement_id
    left join engagement_domains on engagements.engagement_id = engagement_domains.engagement_id
),

-- Calls, mails and meetings share no ids; should they ever, a link still gives one row.
read_engagements as (
    select
        engagement_id,
        max(occurred_at) as occurred_at,
        max(synced_at) as synced_at,
        max(activity_type) as activity_type,
        max(exclusion_reason) as exclusion_reason
    from engagements
    where rejection_reason is null
    group by engagement_id
),

links as (
    select
        'engagement_contact' as table_name,
        'engagement:' || people.engagement_id || ':' || people.survivor_id as activity_id,
        read_engagements.occurred_at,
        coalesce(read_engagements.synced_at, people.synced_at, read_engagements.occurred_at) as loaded_at,
        read_engagements.activity_type,
        people.user_id,
        people.email,
        people.full_name,
        people.account_domain,
        case
            when read_engagements.engagement_id is null then 'not_an_activity'
            when people.is_deleted then 'deleted'
            when people.survivor_id = people.first_survivor_id then 'same_activity'
            else read_engagements.exclusion_reason
        end as exclusion_reason,
        case
            when people.engagement_id is null then 'missing_engagement_id'
            when people.contact_id is null then 'missing_contact_id'
        end as rejection_reason,
        people.engagement_id,
        people.contact_id,
        cast(null as {{ dbt.type_string() }}) as time_text,
        cast(null as {{ dbt.type_string() }}) as outcome,
        cast(null as {{ dbt.type_string() }}) as direction
    from people
    left join read_engagements on people.engagement_id = read_engagements.engagement_id
),

records as (
    select * from own_records
    union all
    select * from links
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        activity_id,
        occurred_at,
        loaded_at,
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
            when rejection_reason is null then null
            when table_name = 'engagement_contact' then {{ record_json(['engagement_id', 'contact_id']) }}
            else {{ record_json(['engagement_id', 'time_text', 'outcome', 'direction']) }}
        end as record,
        table_name,
        cast(null as {{ dbt.type_string() }}) as unmatched_name
    from records
)

select * from shaped
