{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set raw_columns = [
    'id', 'campaign_id', 'contact_id', 'lead_id', 'account_id', 'status', 'has_responded', 'first_responded_date',
    'created_date', 'is_deleted', '_fivetran_deleted', '_fivetran_active', '_fivetran_synced',
] -%}
with members as (
    select
        {{ salesforce_columns(raw_columns) }}
    from {{ source('fivetran_salesforce', 'campaign_member') }} as raw
),

all_campaigns as (
    select
        {{ salesforce_columns(['id', 'type', '_fivetran_active']) }}
    from {{ source('fivetran_salesforce', 'campaign') }} as raw
),

campaigns as (
    select
        id as campaign_id,
        max(lower(type)) as campaign_type
    from all_campaigns
    where id is not null and coalesce({{ try_boolean('_fivetran_active') }}, true)
    group by id
),

people as (
    select * from {{ ref('stg_fivetran_salesforce__people') }}
),

account_domains as (
    select * from {{ ref('stg_fivetran_salesforce__account_domains') }}
),

campaign_rules as (
    select
        position,
        activity_type,
        {{ glob_to_like('campaign_type') }} as type_pattern,
        {{ glob_to_like('member_status') }} as status_pattern
    from {{ ref('campaign_rules') }}
),

named as (
    select
        members.*,
        coalesce(campaigns.campaign_type, '') as campaign_type,
        coalesce(lower(members.status), '') as member_status,
        {#- A member may be a lead that became a contact: then both are named. #}
        coalesce(members.contact_id, members.lead_id) as who_id,
        coalesce(members.first_responded_date, members.created_date) as time_text,
        {{ moment_of('coalesce(members.first_responded_date, members.created_date)') }} as occurred_at,
        {{ moment_of('members._fivetran_synced') }} as synced_at,
        coalesce({{ try_boolean('members.has_responded') }}, members.first_responded_date is not null) as is_response
    from members
    left join campaigns on members.campaign_id = campaigns.campaign_id
),

responses as (
    select distinct
        campaign_type,
        member_status
    from named
),

matches as (
    select
        responses.campaign_type,
        responses.member_status,
        min(campaign_rules.position) as position
    from responses
    inner join campaign_rules
        on
            responses.campaign_type like campaign_rules.type_pattern escape '!'
            and responses.member_status like campaign_rules.status_pattern escape '!'
    group by responses.campaign_type, responses.member_status
),

response_types as (
    select
        matches.campaign_type,
        matches.member_status,
        matches.position,
        nullif(campaign_rules.activity_type, '') as activity_type
    from matches
    inner join campaign_rules on matches.position = campaign_rules.position
),

joined as (
    select
        named.*,
        response_types.activity_type,
        people.email,
        people.full_name,
        coalesce(people.user_id, 'salesforce:' || named.who_id) as user_id,
        coalesce(people.account_domain, account_domains.account_domain) as account_domain,
        case
            when named.id is null then 'missing_id'
            when named.time_text is null then 'missing_first_responded_date'
            when named.occurred_at is null then 'bad_first_responded_date'
            when not {{ is_plausible('named.occurred_at') }} then 'implausible_first_responded_date'
        end as rejection_reason,
        case
            when not coalesce({{ try_boolean('named._fivetran_active') }}, true) then 'old_version'
            when {{ is_true('named.is_deleted') }} or {{ is_true('named._fivetran_deleted') }} then 'deleted'
            when people.is_deleted then 'deleted'
            when not named.is_response then 'no_response'
            when response_types.position is null then 'no_campaign_rule'
            when response_types.activity_type is null then 'not_an_activity'
        end as exclusion_reason,
        case
            when response_types.position is null
                then 'campaign_rules:' || named.campaign_type || ' > ' || named.member_status
        end as unmatched_name
    from named
    left join response_types
        on
            named.campaign_type = response_types.campaign_type
            and named.member_status = response_types.member_status
    left join people on named.who_id = people.person_id
    left join account_domains on named.account_id = account_domains.account_id
),

shaped as (
    select
        'fivetran_salesforce' as source_system,
        'default' as tenant_id,
        'campaign_member:' || id as activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        activity_type,
        case when exclusion_reason is null then email end as email,
        case when exclusion_reason is null then {{ email_domain('email') }} end as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        case when exclusion_reason is null then full_name end as display_name,
        account_domain,
        cast(null as {{ dbt.type_string() }}) as url,
        false as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when rejection_reason is null then exclusion_reason end as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'campaign_member' as table_name,
        unmatched_name
    from joined
)

select * from shaped
