{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set account_columns = ['id', 'type', '_fivetran_start'] -%}
{%- set history_columns = [
    'account_id', 'field', 'new_value', 'created_date', 'is_deleted', '_fivetran_deleted', 'id', 'type', '_fivetran_start',
] -%}
with versions as (
    select
        {{ salesforce_columns(account_columns) }}
    from {{ source('fivetran_salesforce', 'account') }} as raw
),

history as (
    {#- One table holds changes of fields, or, kept by the connector, versions of accounts. #}
    select
        {{ salesforce_columns(history_columns) }}
    from {{ source('fivetran_salesforce', 'account_history') }} as raw
),

living as (
    {#- What happened to an account before it was merged into another did not happen to the one that is left. #}
    select
        account_id,
        account_domain
    from {{ ref('stg_fivetran_salesforce__account_domains') }}
    where account_id = survivor_id and account_domain is not null
),

stated as (
    select
        id as account_id,
        type as lifecycle_stage,
        {{ moment_of('_fivetran_start') }} as stated_at
    from versions
    union all
    select
        id as account_id,
        type as lifecycle_stage,
        {{ moment_of('_fivetran_start') }} as stated_at
    from history
    where field is null
    union all
    select
        account_id,
        new_value as lifecycle_stage,
        {{ moment_of('created_date') }} as stated_at
    from history
    where lower(field) = 'type' and not {{ is_true('is_deleted') }} and not {{ is_true('_fivetran_deleted') }}
),

shaped as (
    select
        'fivetran_salesforce' as source_system,
        'default' as tenant_id,
        stated.account_id as crm_account_id,
        living.account_domain,
        stated.lifecycle_stage,
        stated.stated_at
    from stated
    inner join living on stated.account_id = living.account_id
    where stated.lifecycle_stage is not null and stated.stated_at is not null
)

select * from shaped
