{#-
    What an opportunity came to, whenever that was: int_opportunities cuts it at the as-of day. What the CRM says of its
    outcome goes before what its stage is called; a close date of one that the stage calls open, and of which nobody says
    whether it was won, is a hope.
-#}
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

stage_names as (
    select * from {{ ref('int_lifecycle_stage_names') }}
    where applies_to = 'opportunity'
),

readable as (
    select
        staged.*,
        coalesce(domains.registrable_domain, staged.account_domain) as registrable_domain,
        coalesce(stage_names.lifecycle_stage, '') as meant_stage,
        run.as_of_day
    from staged
    cross join run
    left join domains on staged.account_domain = domains.domain
    left join stage_names
        on
            staged.source_system = stage_names.source_system
            and staged.stage = stage_names.stage_text
    where staged.rejection_reason is null
),

judged as (
    select
        readable.*,
        case
            when is_won then 'Customer'
            when closed_on is null or (is_won is null and meant_stage in ('Prospect', 'In Pipeline'))
                then nullif(nullif(meant_stage, 'In Pipeline'), '')
            when is_won is null and meant_stage = 'Customer' then 'Customer'
            when meant_stage in ('Churned', 'Disqualified') then meant_stage
            when is_renewal then 'Churned'
            else 'Closed Lost'
        end as outcome
    from readable
),

dated as (
    select
        judged.*,
        case when outcome is not null then coalesce(closed_on, stage_entered_on, created_on) end as ended_on
    from judged
),

placed as (
    select
        dated.source_system,
        dated.tenant_id,
        dated.opportunity_id,
        coalesce(aliases.account_domain, dated.registrable_domain) as account_domain,
        dated.created_on,
        {#- Deals of the time before the CRM are entered after they were closed. #}
        least(dated.created_on, coalesce(dated.ended_on, dated.created_on)) as opened_on,
        dated.ended_on,
        dated.outcome,
        dated.stage,
        dated.stage_entered_on,
        dated.amount
    from dated
    left join aliases
        on
            dated.tenant_id = aliases.tenant_id
            and dated.registrable_domain = aliases.domain
            and dated.as_of_day between aliases.from_day and aliases.to_day
)

select * from placed
