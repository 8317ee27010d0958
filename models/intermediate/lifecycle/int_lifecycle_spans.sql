{{ config(materialized='view') }}

{#-
    The stages an account has gone through by what is dated, as known on the as-of day. A deal that opens, or the last one
    that ends without success, moves an account that is no customer; what ends a customer is churn or a statement of the
    CRM, and a deal left over from before does not move the account again.
-#}
with events as (
    select * from {{ ref('int_lifecycle_events') }}
),

run as (
    select * from {{ ref('int_run') }}
),

known as (
    select
        events.tenant_id,
        events.account_domain,
        events.event,
        events.lifecycle_stage,
        events.event_day,
        events.opened_day,
        row_number() over (
            partition by events.tenant_id, events.account_domain
            order by events.event_day, events.event_order, events.event_key
        ) as event_number
    from events
    cross join run
    where events.known_day <= run.as_of_day
),

counted as (
    select
        known.*,
        sum(case event when 'opened' then 1 when 'stated' then 0 else -1 end) over (
            partition by tenant_id, account_domain
            order by event_number
            rows between unbounded preceding and current row
        ) as open_deals,
        sum(case when event in ('stated', 'churned', 'won') then 1 else 0 end) over (
            partition by tenant_id, account_domain
            order by event_number
            rows between unbounded preceding and current row
        ) as turn_number
    from known
),

{# A turn decides by itself: a statement, a deal won, churn. The other events are read in the light of the last turn. #}
turned as (
    select
        counted.*,
        coalesce(max(case when event in ('stated', 'churned', 'won') then lifecycle_stage end) over (
            partition by tenant_id, account_domain, turn_number
        ), '') as turn_stage,
        max(case when event in ('stated', 'churned', 'won') then event_day end) over (
            partition by tenant_id, account_domain, turn_number
        ) as turn_day
    from counted
),

moves as (
    select * from turned
    where
        event in ('stated', 'churned', 'won')
        or (event = 'opened' and turn_stage <> 'Customer')
        or (
            event = 'lost'
            and open_deals = 0
            and turn_stage <> 'Customer'
            and (turn_stage not in ('Churned', 'Disqualified', 'Closed Lost') or turn_day < opened_day)
        )
),

ranked_moves as (
    select
        moves.*,
        row_number() over (
            partition by tenant_id, account_domain, event_day
            order by event_number desc
        ) as day_rank
    from moves
),

days as (
    select
        tenant_id,
        account_domain,
        event_day,
        lifecycle_stage,
        lag(lifecycle_stage) over (partition by tenant_id, account_domain order by event_day) as previous_stage
    from ranked_moves
    where day_rank = 1
),

starts as (
    select
        tenant_id,
        account_domain,
        lifecycle_stage,
        event_day as from_day,
        row_number() over (partition by tenant_id, account_domain order by event_day desc) as recency
    from days
    where previous_stage is null or previous_stage <> lifecycle_stage
),

spans as (
    select
        tenant_id,
        account_domain,
        lifecycle_stage,
        from_day,
        recency = 1 as is_current
    from starts
)

select * from spans
