select
    account_id,
    activity_score,
    score_trend,
    top_source,
    active_developers_30d
from {{ ref('accounts') }}
where activity_category = 'High'
