select
    account_id,
    activity_score,
    activity_source_count,
    active_developers_30d
from {{ ref('accounts') }}
where is_continuous
