select
    account_id,
    activity_score,
    score_change_7d,
    surge_started_on,
    surge_ends_on
from {{ ref('accounts') }}
where has_activity_surge
