-- Weight * role * decay of every event, plus active developers, minus cap losses, is the score
-- (scoring model, section 8).
with accounts as (
    select * from {{ ref('accounts') }}
),

parts as (
    select
        account_id,
        score_points
    from {{ ref('activity_ledger') }}
    where
        account_id is not null
        and score_points <> 0
    union all
    select
        account_id,
        score_points
    from {{ ref('account_score_adjustments') }}
),

sums as (
    select
        account_id,
        sum(score_points) as score_points
    from parts
    group by account_id
)

select
    accounts.account_id,
    accounts.unrounded_score,
    sums.score_points
from accounts
left join sums on accounts.account_id = sums.account_id
where abs(accounts.unrounded_score - coalesce(sums.score_points, 0)) > 1e-9
