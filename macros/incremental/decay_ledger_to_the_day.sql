{#- The ledger's columns that depend on the day, for the rows that this run did not write. -#}
{% macro decay_ledger_to_the_day() -%}
    {%- if is_incremental() -%}
    {%- set age = 'today.as_of_day - ' ~ to_day('ledger.occurred_at') -%}
    {%- set factor -%}
        case when {{ age }} < today.window_days then {{ decay(age, 'types.half_life_days') }} else 0 end
    {%- endset -%}
    {%- set points = 'ledger.weight * ledger.counted_count * ledger.role_weight * ' ~ factor -%}
    update {{ this }} as ledger
    set
        decay_factor = {{ factor }},
        engagement_points = {{ points }},
        score_points = case when types.party <> 'third' then {{ points }} * today.score_per_point else 0 end
    from
        {{ ref('int_activity_types') }} as types,
        (
            select
                account_days.account_id,
                account_days.score_day as as_of_day,
                tenants.window_days,
                100 / greatest(account_days.account_threshold, account_days.engagement_points) as score_per_point
            from {{ ref('int_account_days') }} as account_days
            inner join {{ ref('int_run') }} as run on account_days.score_day = run.as_of_day
            inner join {{ ref('int_tenants') }} as tenants on account_days.tenant_id = tenants.tenant_id
        ) as today
    where
        ledger.decay_factor > 0
        and ledger.activity_type = types.activity_type
        and ledger.account_id = today.account_id
    {%- endif -%}
{%- endmacro %}
