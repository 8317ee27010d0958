{#-
    As known on the as-of day: an opportunity that ended later is still open, and the stage it entered later has no name
    yet.
-#}
with opportunities as (
    select * from {{ ref('int_opportunity_records') }}
),

run as (
    select * from {{ ref('int_run') }}
),

existing as (
    select
        opportunities.*,
        {#- One that is parked (Prospect) has neither been won nor lost. #}
        coalesce(opportunities.ended_on <= run.as_of_date and opportunities.outcome <> 'Prospect', false) as is_closed,
        coalesce(opportunities.ended_on > run.as_of_date, true) as is_open,
        coalesce(opportunities.ended_on, opportunities.stage_entered_on) > run.as_of_date as was_in_another_stage
    from opportunities
    cross join run
    where opportunities.created_on <= run.as_of_date
),

known as (
    select
        source_system,
        tenant_id,
        opportunity_id,
        account_domain,
        created_on,
        is_open,
        case when is_closed then ended_on end as closed_on,
        case when not coalesce(was_in_another_stage, false) then stage end as stage,
        case when not coalesce(was_in_another_stage, false) then stage_entered_on end as stage_entered_on,
        case when is_closed then outcome = 'Customer' end as is_won,
        amount
    from existing
)

select * from known
