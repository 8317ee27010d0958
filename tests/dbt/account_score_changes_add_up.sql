-- The parts of a change are the change, to 1e-9; what was published before is a part of its own (docs/explain.md).
with accounts as (
    select * from {{ ref('accounts') }}
),

sums as (
    select
        account_id,
        sum(points) as points
    from {{ ref('account_score_changes') }}
    where component <> 'restated'
    group by account_id
)

select
    accounts.account_id,
    accounts.score_change_7d,
    sums.points
from accounts
left join sums on accounts.account_id = sums.account_id
where abs(accounts.score_change_7d - coalesce(sums.points, 0)) > 1e-9
