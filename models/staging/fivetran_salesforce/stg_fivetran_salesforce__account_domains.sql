{{ config(enabled='fivetran_salesforce' in var('sources')) }}

{%- set raw_columns = ['id', 'website', 'is_deleted', 'master_record_id', '_fivetran_deleted', '_fivetran_active'] -%}
with accounts as (
    select
        {{ salesforce_columns(raw_columns) }}
    from {{ source('fivetran_salesforce', 'account') }} as raw
),

current_accounts as (
    {#- History mode keeps every version of a record; one is active. #}
    select
        id as account_id,
        master_record_id,
        {{ domain_of('website') }} as account_domain,
        {{ is_true('is_deleted') }} or {{ is_true('_fivetran_deleted') }} as is_deleted
    from accounts
    where id is not null and coalesce({{ try_boolean('_fivetran_active') }}, true)
),

merge_links as (
    {#- An account that lost in a merge is deleted and names the one that is left. #}
    select
        account_id as merged_id,
        min(master_record_id) as survivor_id
    from current_accounts
    where master_record_id <> account_id
    group by account_id
),

followed as (
    {{ follow_merges('merge_links') }}
),

shaped as (
    select
        current_accounts.account_id,
        coalesce(followed.survivor_id, current_accounts.account_id) as survivor_id,
        current_accounts.account_domain as own_domain,
        case
            when followed.merged_id is null then current_accounts.account_domain
            else survivors.account_domain
        end as account_domain
    from current_accounts
    left join followed on current_accounts.account_id = followed.merged_id
    left join current_accounts as survivors on followed.survivor_id = survivors.account_id
    where
        (followed.merged_id is null and not current_accounts.is_deleted)
        or (followed.merged_id is not null and not coalesce(survivors.is_deleted, true))
)

select * from shaped
