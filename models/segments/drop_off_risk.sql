select
    account_id,
    activity_score,
    highest_score_90d,
    score_change_30d,
    active_developers_30d,
    cast(last_activity_at as date) as last_activity_on
from {{ ref('accounts') }}
where drop_off_risk
