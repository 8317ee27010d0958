{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['ip_address'],
) }}

{#-
    Which company an address belongs to, each address once: the longest of the prefixes that it begins with. A later run
    looks up the addresses that arrived, and all of them where the ranges changed. An address that has lost its company
    stays, without one.
-#}
{%- set is_new = 'records.written_at = changes.published_at' %}
{%- set is_due = '(' ~ is_new ~ ' or changes.change_count > 0)' if is_incremental() else '1 = 1' %}
with prefixes as (
    select * from {{ ref('int_ip_prefixes') }}
    where domain is not null
),

run as (
    select * from {{ ref('int_run') }}
),

changes as (
    select
        run.published_at,
        count(*) as prefix_count,
        coalesce(sum(case when prefixes.changed_at = run.published_at then 1 else 0 end), 0) as change_count
    from {{ ref('int_ip_prefixes') }} as prefixes
    cross join run
    group by run.published_at
),

addresses as (
    select distinct records.ip_address
    from {{ ref('int_activity_records') }} as records
    cross join changes
    where records.ip_address is not null and changes.prefix_count > 0 and {{ is_due }}
),

keyed as (
    {{ with_ip_key('addresses', 'ip_address') }}
),

public_addresses as (
    select
        ip_address,
        ip_key
    from keyed
    where {{ is_public_ip_key('ip_key') }}
),

prefix_lengths as (
    select distinct length(prefix) as digits
    from prefixes
),

matches as (
    select
        public_addresses.ip_address,
        prefixes.domain,
        prefixes.confidence,
        row_number() over (
            partition by public_addresses.ip_address
            order by prefix_lengths.digits desc
        ) as match_rank
    from public_addresses
    cross join prefix_lengths
    inner join prefixes on substring(public_addresses.ip_key, 1, prefix_lengths.digits) = prefixes.prefix
),

resolved as (
    select
        addresses.ip_address,
        matches.domain,
        matches.confidence
    from addresses
    left join matches on addresses.ip_address = matches.ip_address and matches.match_rank = 1
),

changed as (
    select resolved.*
    from resolved
    {%- if is_incremental() %}
    left join {{ this }} as known on resolved.ip_address = known.ip_address
    where
        coalesce(resolved.domain, '') <> coalesce(known.domain, '')
        or coalesce(resolved.confidence, 0) <> coalesce(known.confidence, 0)
    {%- else %}
    where resolved.domain is not null
    {%- endif %}
),

dated as (
    select
        changed.ip_address,
        changed.domain,
        changed.confidence,
        run.published_at as changed_at
    from changed
    cross join run
)

select * from dated
