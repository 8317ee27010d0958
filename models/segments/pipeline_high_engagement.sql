select
    account_id,
    activity_score,
    score_trend,
    lifecycle_stage,
    active_developers_30d
from {{ ref('accounts') }}
where
    activity_score > 80
    and lifecycle_stage = 'In Pipeline'
