{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['prefix'],
) }}

{#-
    Ranges of addresses as first digits of ip_key, so that an address finds its range by equality: a range that ends
    within a digit is up to eight texts. Where several ranges come to one text, the narrowest counts, then the surest.
    A range that is gone stays, without a company.
-#}
with ip_ranges as (
    select * from {{ ref('stg_generic__ip_ranges') }}
    where rejection_reason is null
),

domains as (
    select * from {{ ref('int_domains') }}
    where registrable_domain is not null and not is_free_email
),

run as (
    select * from {{ ref('int_run') }}
),

{# By how many bits of a digit all addresses share, and the digit a range begins with: the digits that it takes. -#}
blocks as (
    {%- for bits in [1, 2, 3, 4] %}
    {%- set width = 2 ** (4 - bits) %}
    {%- set bits_loop = loop %}
    {%- for digit in '0123456789abcdef' %}
    select
        {{ bits }} as bits,
        '{{ '0123456789abcdef'[(loop.index0 // width) * width] }}' as first_digit,
        '{{ digit }}' as digit
    {%- if not (loop.last and bits_loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
),

measured as (
    select
        ip_ranges.ip_key,
        ip_ranges.prefix_bits,
        ip_ranges.confidence,
        domains.registrable_domain as domain,
        cast(ceiling(ip_ranges.prefix_bits / cast(4 as {{ type_double() }})) as integer) as digits
    from ip_ranges
    inner join domains on ip_ranges.account_domain = domains.domain
),

spelled as (
    select
        substring(measured.ip_key, 1, measured.digits - 1) || blocks.digit as prefix,
        measured.prefix_bits,
        measured.domain,
        measured.confidence
    from measured
    inner join blocks
        on
            substring(measured.ip_key, measured.digits, 1) = blocks.first_digit
            and measured.prefix_bits - 4 * (measured.digits - 1) = blocks.bits
),

ranked as (
    select
        spelled.*,
        row_number() over (
            partition by prefix
            order by prefix_bits desc, confidence desc, domain asc
        ) as prefix_rank
    from spelled
),

current_prefixes as (
    select
        prefix,
        domain,
        confidence
    from ranked
    where prefix_rank = 1
),

{% if is_incremental() %}
known as (
    select * from {{ this }}
),

changed as (
    select
        coalesce(current_prefixes.prefix, known.prefix) as prefix,
        current_prefixes.domain,
        current_prefixes.confidence
    from current_prefixes
    full outer join known on current_prefixes.prefix = known.prefix
    where
        coalesce(current_prefixes.domain, '') <> coalesce(known.domain, '')
        or coalesce(current_prefixes.confidence, 0) <> coalesce(known.confidence, 0)
),
{% else %}
changed as (
    select * from current_prefixes
),
{% endif %}

dated as (
    select
        changed.prefix,
        changed.domain,
        changed.confidence,
        run.published_at as changed_at
    from changed
    cross join run
)

select * from dated
