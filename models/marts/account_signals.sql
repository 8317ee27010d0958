{#- A signal is a model of its own, int_signal_<name>; this is the list of them. -#}
{%- set signals = [
    'active_again',
    'champion_silent',
    'meeting_booked',
    'new_developer',
    'one_person_dominates',
    'repeated_ad_impressions',
    'senior_person_evaluating',
    'several_on_high_intent_pages',
    'stalled_deal',
] %}
with found as (
    {%- for signal in signals %}
    select
        account_id,
        signal,
        detected_day,
        developers,
        developer_count,
        evidence
    from {{ ref('int_signal_' ~ signal) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

signals as (
    select * from {{ ref('signals') }}
    where is_on
),

accounts as (
    select
        account_id,
        tenant_id,
        as_of_date
    from {{ ref('accounts') }}
),

shaped as (
    select
        found.account_id,
        accounts.tenant_id,
        found.signal,
        signals.display_name as signal_name,
        signals.priority,
        {{ to_date('found.detected_day') }} as detected_on,
        found.developers,
        cast(found.developer_count as {{ dbt.type_bigint() }}) as developer_count,
        found.evidence,
        signals.recommended_action,
        accounts.as_of_date
    from found
    inner join signals on found.signal = signals.signal
    inner join accounts on found.account_id = accounts.account_id
)

select * from shaped
