{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{#- The first person of a meeting stands on the meeting's own record; the others come from their link to it. -#}
with links as (
    select * from {{ ref('stg_fivetran_hubspot__engagement_people') }}
),

engagements as (
    select
        engagement_id,
        max(occurred_at) as occurred_at,
        max(synced_at) as synced_at,
        max(activity_type) as activity_type,
        max(exclusion_reason) as exclusion_reason
    from {{ ref('stg_fivetran_hubspot__engagement_times') }}
    where rejection_reason is null
    group by engagement_id
),

judged as (
    select
        links.*,
        engagements.occurred_at,
        engagements.synced_at as engagement_synced_at,
        engagements.activity_type,
        case
            when links.engagement_id is null then 'missing_engagement_id'
            when links.contact_id is null then 'missing_contact_id'
        end as rejection_reason,
        case
            when engagements.engagement_id is null then 'not_an_activity'
            when links.is_deleted then 'deleted'
            when links.survivor_id = links.first_survivor_id then 'same_activity'
            else engagements.exclusion_reason
        end as exclusion_reason
    from links
    left join engagements on links.engagement_id = engagements.engagement_id
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        'engagement:' || engagement_id || ':' || survivor_id as activity_id,
        occurred_at,
        coalesce(engagement_synced_at, synced_at, occurred_at) as loaded_at,
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
        case when rejection_reason is not null then {{ record_json(['engagement_id', 'contact_id']) }} end as record,
        'engagement_contact' as table_name
    from judged
)

select * from shaped
