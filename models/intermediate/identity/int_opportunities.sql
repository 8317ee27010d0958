{#- As known on the as-of day: an opportunity that was closed later is still open. -#}
with staged as (
    {{ union_staged('opportunities') }}
),

run as (
    select * from {{ ref('int_run') }}
),

domains as (
    select * from {{ ref('int_domains') }}
),

aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

known as (
    select
        staged.source_system,
        staged.tenant_id,
        staged.opportunity_id,
        coalesce(domains.registrable_domain, staged.account_domain) as registrable_domain,
        staged.created_on,
        case when staged.closed_on <= run.as_of_date then staged.closed_on end as closed_on,
        staged.stage,
        case when staged.closed_on <= run.as_of_date then staged.is_won end as is_won,
        staged.amount,
        run.as_of_day
    from staged
    cross join run
    left join domains on staged.account_domain = domains.domain
    where staged.rejection_reason is null and staged.created_on <= run.as_of_date
),

placed as (
    select
        known.source_system,
        known.tenant_id,
        known.opportunity_id,
        coalesce(aliases.account_domain, known.registrable_domain) as account_domain,
        known.created_on,
        known.closed_on,
        known.stage,
        known.is_won,
        known.amount
    from known
    left join aliases
        on
            known.tenant_id = aliases.tenant_id
            and known.registrable_domain = aliases.domain
            and known.as_of_day between aliases.from_day and aliases.to_day
)

select * from placed
