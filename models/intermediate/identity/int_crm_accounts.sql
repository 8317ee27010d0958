{#-
    Several rows for one registrable domain are one account: the row with a CRM id first, then the system that the var
    crm_precedence names first (by default the order of sources), then the smaller texts.
-#}
{%- set systems = var('crm_precedence') or var('sources') -%}
with staged as (
    {{ union_staged('accounts') }}
),

domains as (
    select * from {{ ref('int_domains') }}
),

readable as (
    select
        staged.*,
        coalesce(domains.registrable_domain, staged.account_domain) as registrable_domain
    from staged
    left join domains on staged.account_domain = domains.domain
    where staged.rejection_reason is null
),

ranked as (
    select
        readable.*,
        row_number() over (
            partition by tenant_id, registrable_domain
            order by
                case when crm_account_id is null then 1 else 0 end,
                case source_system
                    {%- for system in systems %}
                    when '{{ system }}' then {{ loop.index }}
                    {%- endfor %}
                    else {{ systems | length + 1 }}
                end,
                crm_account_id,
                case when account_domain = registrable_domain then 0 else 1 end,
                account_domain,
                account_name
        ) as account_rank
    from readable
),

chosen as (
    select
        tenant_id,
        registrable_domain as account_domain,
        account_name,
        other_domains,
        crm_account_id,
        parent_domain,
        lifecycle_stage,
        owner_name,
        owner_email,
        employee_count,
        industry,
        country,
        territory,
        source_system
    from ranked
    where account_rank = 1
)

select * from chosen
