-- The contributions of the sources of an account-day are its score, and the scores stay within their bounds.
{%- set is_due = is_due_for_audit(ref('account_source_scores_daily'), 'account_id') %}
with account_scores as (
    select * from {{ ref('account_scores_daily') }}
    where {{ is_due }}
),

contributions as (
    select
        account_id,
        score_date,
        sum(score_contribution) as score
    from {{ ref('account_source_scores_daily') }}
    where {{ is_due }}
    group by account_id, score_date
)

select
    account_scores.account_id,
    account_scores.score_date,
    account_scores.activity_score,
    contributions.score
from account_scores
left join contributions
    on
        account_scores.account_id = contributions.account_id
        and account_scores.score_date = contributions.score_date
where
    abs(account_scores.activity_score - coalesce(contributions.score, 0)) > 0.005000001
    or account_scores.activity_score < 0
    or account_scores.activity_score > 100
