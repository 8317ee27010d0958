{#- Addresses of the internet protocol are personal data and in no mart; a range is nobody's. -#}
with unreadable as (
    select * from {{ source('activity_score', 'unreadable_records') }}
),

activity_records as (
    select * from {{ ref('int_activity_records') }}
    where rejection_reason is not null
),

staged_accounts as (
    {{ union_staged('accounts') }}
),

staged_contacts as (
    {{ union_staged('contacts') }}
),

staged_opportunities as (
    {{ union_staged('opportunities') }}
),

staged_ip_ranges as (
    select * from {{ ref('stg_generic__ip_ranges') }}
),

rejected as (
    select
        source_system,
        table_name,
        {{ mask_ip_addresses('record') }} as record,
        reason,
        loaded_at
    from unreadable
    union all
    select
        source_system,
        table_name,
        {{ mask_ip_addresses('record') }} as record,
        rejection_reason as reason,
        loaded_at
    from activity_records
    {%- for staged in ['staged_accounts', 'staged_contacts', 'staged_opportunities', 'staged_ip_ranges'] %}
    union all
    select
        source_system,
        table_name,
        record,
        rejection_reason as reason,
        cast(null as timestamp) as loaded_at
    from {{ staged }}
    where rejection_reason is not null
    {%- endfor %}
)

select * from rejected
