{%- set raw_columns = ['cidr', 'account_domain', 'confidence'] -%}
{#- By how many bits of a digit all addresses of a range share: the digits it may begin with. -#}
{%- set range_starts = {0: '0', 1: '08', 2: '048c', 3: '02468ace'} -%}
with source as (
    select * from {{ source('generic', 'ip_ranges') }}
),

cleaned as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source.' ~ column) }} as raw_{{ column }},
        {% endfor %}
        'generic' as source_system
    from source
),

split as (
    select
        cleaned.*,
        split_part(raw_cidr, '/', 1) as address,
        case when raw_cidr like '%/%' then {{ try_whole_number("split_part(raw_cidr, '/', 2)") }} end as given_bits,
        case when raw_cidr like '%:%' then 128 else 32 end as address_bits,
        {{ try_number('raw_confidence', type_double()) }} as confidence
    from cleaned
),

keyed as (
    {{ with_ip_key('split', 'address') }}
),

measured as (
    select
        keyed.*,
        case when raw_cidr like '%/%' then given_bits else address_bits end + 128 - address_bits as prefix_bits
    from keyed
),

ended as (
    select
        measured.*,
        {#- Whole digits of four bits that all addresses share, and how many bits of the next one. #}
        cast(floor(prefix_bits / cast(4 as {{ type_double() }})) as integer) as shared_digits,
        cast(prefix_bits - 4 * floor(prefix_bits / cast(4 as {{ type_double() }})) as integer) as further_bits
    from measured
),

begun as (
    select
        ended.*,
        substring(ip_key || '0', shared_digits + 1, 1) as next_digit,
        replace(substring(ip_key, shared_digits + 2), '0', '') as further_digits
    from ended
),

checked as (
    select
        begun.*,
        case
            when raw_cidr is null then 'missing_cidr'
            when ip_key is null or raw_cidr like '%/%/%' or raw_cidr like '%,%' then 'bad_cidr'
            when given_bits is null and raw_cidr like '%/%' then 'bad_cidr'
            when not coalesce(given_bits between 0 and address_bits, true) then 'bad_cidr'
            {#- Its addresses differ in what it gives for all: it begins within the range. #}
            when
                further_digits <> ''
                or position(
                    next_digit in
                    case further_bits
                        {%- for bits, digits in range_starts.items() %}
                        when {{ bits }} then '{{ digits }}'
                        {%- endfor %}
                    end
                ) = 0
                then 'cidr_with_host_bits'
            when not {{ is_public_ip_key('ip_key') }} then 'reserved_range'
            when raw_account_domain is null then 'missing_account_domain'
            when {{ domain_of('raw_account_domain') }} is null then 'bad_account_domain'
            when raw_confidence is null then 'missing_confidence'
            {#- Nor nan. #}
            when not coalesce(confidence > 0 and confidence <= 1, false) then 'bad_confidence'
        end as rejection_reason
    from begun
),

shaped as (
    select
        source_system,
        ip_key,
        prefix_bits,
        {{ domain_of('raw_account_domain') }} as account_domain,
        confidence,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns, prefix='raw_') }} end as record,
        'ip_ranges' as table_name
    from checked
)

select * from shaped
