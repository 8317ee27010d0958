{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set raw_columns = [
    'id', 'account_id', 'created_date', 'close_date', 'stage_name', 'last_stage_change_date', 'type', 'amount',
    'is_closed', 'is_won', 'is_deleted', '_fivetran_deleted', '_fivetran_active',
] -%}
with opportunities as (
    select
        {{ salesforce_columns(raw_columns) }}
    from {{ source('fivetran_salesforce', 'opportunity') }} as raw
),

account_domains as (
    select * from {{ ref('stg_fivetran_salesforce__account_domains') }}
),

living as (
    select
        opportunities.*,
        account_domains.account_domain,
        {{ is_true('opportunities.is_closed') }} or {{ is_true('opportunities.is_won') }} as has_ended
    from opportunities
    left join account_domains on opportunities.account_id = account_domains.account_id
    where
        coalesce({{ try_boolean('opportunities._fivetran_active') }}, true)
        and not {{ is_true('opportunities.is_deleted') }}
        and not {{ is_true('opportunities._fivetran_deleted') }}
),

checked as (
    select
        living.*,
        case
            when id is null then 'missing_id'
            when created_date is null then 'missing_created_date'
            when {{ moment_of('created_date') }} is null then 'bad_created_date'
            when account_id is null then 'missing_account_id'
            when account_domain is null then 'missing_account_domain'
            when close_date is not null and {{ moment_of('close_date') }} is null then 'bad_close_date'
            when has_ended and close_date is null then 'missing_close_date'
            when is_closed is not null and {{ try_boolean('is_closed') }} is null then 'bad_is_closed'
            when is_won is not null and {{ try_boolean('is_won') }} is null then 'bad_is_won'
            when amount is not null and {{ try_number('amount', type_double()) }} is null then 'bad_amount'
        end as rejection_reason
    from living
),

shaped as (
    select
        'fivetran_salesforce' as source_system,
        'default' as tenant_id,
        id as opportunity_id,
        account_domain,
        cast({{ moment_of('created_date') }} as date) as created_on,
        {#- The close date of an open opportunity is a hope. #}
        case when has_ended then cast({{ moment_of('close_date') }} as date) end as closed_on,
        stage_name as stage,
        cast({{ moment_of('last_stage_change_date') }} as date) as stage_entered_on,
        case when has_ended then {{ is_true('is_won') }} end as is_won,
        coalesce(lower(type), '') like '%renewal%' as is_renewal,
        {{ try_number('amount', type_double()) }} as amount,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'opportunity' as table_name
    from checked
)

select * from shaped
