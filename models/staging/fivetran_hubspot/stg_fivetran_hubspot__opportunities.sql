{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{%- set raw_columns = [
    'deal_id', 'deal_pipeline_stage_id', 'property_dealstage', 'deal_pipeline_id', 'property_pipeline',
    'property_dealtype', 'property_createdate', 'property_closedate', 'property_amount', 'property_hs_is_closed',
    'property_hs_is_closed_won', 'is_deleted', '_fivetran_deleted', 'archived',
] -%}
with deals as (
    select
        {{ cleaned_columns(raw_columns) }}
    from {{ source('fivetran_hubspot', 'deal') }} as raw
),

merge_links as (
    select
        {{ clean_text('merged_deal_id') }} as merged_id,
        min({{ clean_text('deal_id') }}) as survivor_id
    from {{ source('fivetran_hubspot', 'merged_deal') }}
    where {{ clean_text('merged_deal_id') }} <> {{ clean_text('deal_id') }}
    group by {{ clean_text('merged_deal_id') }}
),

followed as (
    {{ follow_merges('merge_links') }}
),

pipelines as (
    select
        {{ clean_text('pipeline_id') }} as pipeline_id,
        max({{ clean_text('label') }}) as pipeline_label
    from {{ source('fivetran_hubspot', 'deal_pipeline') }}
    where {{ clean_text('pipeline_id') }} is not null
    group by {{ clean_text('pipeline_id') }}
),

pipeline_stages as (
    select
        {{ clean_text('stage_id') }} as stage_id,
        max({{ clean_text('label') }}) as stage_label,
        {#- Older connectors have no is_closed: a stage of probability 1 or 0 is an end. #}
        max(case
            when {{ is_true('closed_won') }} then 1
            when {{ try_boolean('closed_won') }} is null and {{ try_number('probability', type_double()) }} = 1 then 1
            else 0
        end) as stage_is_won,
        max(case
            when {{ is_true('is_closed') }} or {{ is_true('closed_won') }} then 1
            when {{ try_boolean('is_closed') }} is null and {{ try_number('probability', type_double()) }} in (0, 1)
                then 1
            else 0
        end) as stage_is_closed
    from {{ source('fivetran_hubspot', 'deal_pipeline_stage') }}
    where {{ clean_text('stage_id') }} is not null
    group by {{ clean_text('stage_id') }}
),

stage_entries as (
    {#- Since when a deal is in its stage, for closed deals without a close date. #}
    select
        {{ clean_text('deal_id') }} as deal_id,
        {{ clean_text('value') }} as stage_id,
        max({{ moment_of(clean_text('date_entered')) }}) as entered_at
    from {{ source('fivetran_hubspot', 'deal_stage') }}
    group by {{ clean_text('deal_id') }}, {{ clean_text('value') }}
),

company_domains as (
    select * from {{ ref('stg_fivetran_hubspot__company_domains') }}
    where account_domain is not null
),

people as (
    select * from {{ ref('stg_fivetran_hubspot__people') }}
    where not is_deleted
),

deal_companies as (
    {#- Association type 5 is the deal's primary company; before all others, then the smallest id. #}
    select
        {{ clean_text('links.deal_id') }} as deal_id,
        company_domains.account_domain,
        row_number() over (
            partition by {{ clean_text('links.deal_id') }}
            order by case when {{ clean_text('links.type_id') }} = '5' then 0 else 1 end, company_domains.survivor_id
        ) as link_rank
    from {{ source('fivetran_hubspot', 'deal_company') }} as links
    inner join company_domains on {{ clean_text('links.company_id') }} = company_domains.company_id
),

deal_contacts as (
    {#- A deal without a company belongs to the employer of its first contact. #}
    select
        {{ clean_text('links.deal_id') }} as deal_id,
        coalesce(people.account_domain, {{ email_domain('people.email') }}) as account_domain,
        row_number() over (
            partition by {{ clean_text('links.deal_id') }}
            order by case when people.account_domain is null then 1 else 0 end, people.survivor_id
        ) as link_rank
    from {{ source('fivetran_hubspot', 'deal_contact') }} as links
    inner join people on {{ clean_text('links.contact_id') }} = people.contact_id
    where coalesce(people.account_domain, {{ email_domain('people.email') }}) is not null
),

first_companies as (
    select * from deal_companies
    where link_rank = 1
),

first_contacts as (
    select * from deal_contacts
    where link_rank = 1
),

living as (
    {#- Merged deals are gone; a deleted deal is not delivered. #}
    select
        deals.*,
        coalesce(deals.deal_pipeline_stage_id, deals.property_dealstage) as stage_id,
        coalesce(deals.deal_pipeline_id, deals.property_pipeline) as pipeline_id
    from deals
    left join followed on deals.deal_id = followed.merged_id
    where
        followed.merged_id is null
        and not {{ is_true('deals.is_deleted') }}
        and not {{ is_true('deals._fivetran_deleted') }}
        and not {{ is_true('deals.archived') }}
),

joined as (
    select
        living.*,
        coalesce(first_companies.account_domain, first_contacts.account_domain) as account_domain,
        coalesce(pipeline_stages.stage_label, living.stage_id) as stage,
        coalesce(
            {{ try_boolean('living.property_hs_is_closed_won') }},
            pipeline_stages.stage_is_won = 1, living.stage_id = 'closedwon', false
        ) as is_won,
        coalesce(
            {{ try_boolean('living.property_hs_is_closed') }}, {{ try_boolean('living.property_hs_is_closed_won') }},
            pipeline_stages.stage_is_closed = 1, living.stage_id in ('closedwon', 'closedlost'), false
        ) as is_closed,
        stage_entries.entered_at,
        {#- The type of a deal is a list that people edit; many keep renewals in a pipeline of their own instead. #}
        (
            coalesce(lower(living.property_dealtype), '') like '%renewal%'
            or coalesce(lower(pipelines.pipeline_label), '') like '%renewal%'
        ) as is_renewal
    from living
    left join first_companies on living.deal_id = first_companies.deal_id
    left join first_contacts on living.deal_id = first_contacts.deal_id
    left join pipelines on living.pipeline_id = pipelines.pipeline_id
    left join pipeline_stages on living.stage_id = pipeline_stages.stage_id
    left join stage_entries on living.deal_id = stage_entries.deal_id and living.stage_id = stage_entries.stage_id
),

checked as (
    select
        joined.*,
        cast({{ moment_of('property_createdate') }} as date) as created_on,
        {#- The close date of an open deal is a hope. #}
        case
            when is_closed then cast(coalesce({{ moment_of('property_closedate') }}, entered_at) as date)
        end as closed_on,
        case
            when deal_id is null then 'missing_deal_id'
            when property_createdate is null then 'missing_property_createdate'
            when {{ moment_of('property_createdate') }} is null then 'bad_property_createdate'
            when account_domain is null then 'missing_account_domain'
            when property_closedate is not null and {{ moment_of('property_closedate') }} is null
                then 'bad_property_closedate'
            when property_amount is not null and {{ try_number('property_amount', type_double()) }} is null
                then 'bad_property_amount'
            when is_closed and coalesce({{ moment_of('property_closedate') }}, entered_at) is null
                then 'missing_property_closedate'
        end as rejection_reason
    from joined
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        deal_id as opportunity_id,
        account_domain,
        created_on,
        closed_on,
        stage,
        cast(entered_at as date) as stage_entered_on,
        case when is_closed then is_won end as is_won,
        is_renewal,
        {{ try_number('property_amount', type_double()) }} as amount,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'deal' as table_name
    from checked
)

select * from shaped
