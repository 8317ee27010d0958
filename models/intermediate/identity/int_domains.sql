{#-
    The registrable domain by the public suffix list (publicsuffix.org, "algorithm"): the longest matching rule wins, an
    exception rule beats all, and without a match the last label is the suffix. Suffixes are built from the right, as deep
    as the longest rule: a wildcard below six labels, and one more that is registrable.
-#}
{{ config(materialized='incremental', incremental_strategy='append') }}
{%- set labels = ['label_8', 'label_7', 'label_6', 'label_5', 'label_4', 'label_3', 'label_2', 'label_1'] -%}
{%- set depth = labels | length -%}
with record_domains as (
    select * from {{ ref('int_record_domains') }}
),

contacts as (
    select * from {{ ref('int_contacts') }}
),

crm_accounts as (
    {{ union_staged('accounts') }}
),

opportunities as (
    {{ union_staged('opportunities') }}
),

ip_ranges as (
    select * from {{ ref('stg_generic__ip_ranges') }}
),

crm_other_domains as (
    {{ split_list('crm_accounts', [], 'other_domains') }}
),

tenants as (
    select * from {{ ref('tenants') }}
),

internal_domains as (
    {{ split_list('tenants', [], 'internal_domains') }}
),

public_suffixes as (
    select * from {{ ref('public_suffixes') }}
),

free_email_domains as (
    select domain from {{ ref('free_email_domains') }}
),

seen_domains as (
    select domain from record_domains
    union
    select email_domain from contacts where email_domain is not null
    union
    select account_domain from contacts where account_domain is not null
    union
    select website_domain from contacts where website_domain is not null
    union
    select account_domain from crm_accounts where account_domain is not null
    union
    select parent_domain from crm_accounts where parent_domain is not null
    union
    select account_domain from opportunities where account_domain is not null
    union
    select account_domain from ip_ranges where account_domain is not null
    union
    select {{ host_of('item') }} from crm_other_domains
    union
    select {{ host_of('item') }} from internal_domains
    union
    select domain from {{ ref('domain_aliases') }}
    union
    select alias_of from {{ ref('domain_aliases') }}
),

new_domains as (
    select seen_domains.domain
    from seen_domains
    {%- if is_incremental() %}
    left join {{ this }} as known on seen_domains.domain = known.domain
    {%- endif %}
    where seen_domains.domain is not null{{ ' and known.domain is null' if is_incremental() }}
),

counted as (
    select
        domain,
        length(domain) - length(replace(domain, '.', '')) + 1 as label_count
    from new_domains
),

labelled as (
    select
        domain,
        {% for place in range(1, depth + 1) %}
        case when label_count >= {{ place }} then split_part(domain, '.', label_count - {{ place - 1 }}) end
            as label_{{ place }},
        {% endfor %}
        label_count
    from counted
),

suffixed as (
    select
        domain,
        {% for size in range(1, depth + 1) %}
        {{ labels[-size:] | join(" || '.' || ") }} as suffix_{{ size }},
        {% endfor %}
        label_count
    from labelled
),

candidates as (
    {%- for size in range(1, depth + 1) %}
    select
        domain,
        {{ size }} as size,
        suffix_{{ size }} as suffix,
        {{ 'suffix_' ~ (size - 1) if size > 1 else "''" }} as parent_suffix
    from suffixed
    where label_count >= {{ size }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

rule_sizes as (
    {#- An exception names what is registrable although a wildcard covers it: the suffix is one label shorter. #}
    select
        candidates.domain,
        case when public_suffixes.rule = 'exception' then candidates.size - 1 else candidates.size end as suffix_size,
        case when public_suffixes.rule = 'exception' then 1 else 0 end as is_exception
    from candidates
    inner join public_suffixes on candidates.suffix = public_suffixes.suffix
    where public_suffixes.rule in ('normal', 'exception')
    union all
    select
        candidates.domain,
        candidates.size as suffix_size,
        0 as is_exception
    from candidates
    inner join public_suffixes on candidates.parent_suffix = public_suffixes.suffix
    where public_suffixes.rule = 'wildcard'
),

public_suffix_sizes as (
    select
        domain,
        coalesce(max(case when is_exception = 1 then suffix_size end), max(suffix_size)) as suffix_size
    from rule_sizes
    group by domain
),

resolved as (
    select
        suffixed.domain,
        {#- An address of the internet protocol has no registrable domain. #}
        case
            when suffixed.suffix_1 in ('', '0') then null
            when {{ try_number('suffixed.suffix_1', 'integer') }} is not null then null
            else
                case coalesce(public_suffix_sizes.suffix_size, 1) + 1
                    {%- for size in range(2, depth + 1) %}
                    when {{ size }} then suffixed.suffix_{{ size }}
                    {%- endfor %}
                end
        end as registrable_domain
    from suffixed
    left join public_suffix_sizes on suffixed.domain = public_suffix_sizes.domain
),

flagged as (
    select
        resolved.domain,
        resolved.registrable_domain,
        (by_domain.domain is not null or by_registrable.domain is not null) as is_free_email
    from resolved
    left join free_email_domains as by_domain on resolved.domain = by_domain.domain
    left join free_email_domains as by_registrable on resolved.registrable_domain = by_registrable.domain
)

select * from flagged
