{#- Filled by int_activities, which takes these out before it places them anew. Begins every run empty. -#}
with activity_types as (
    select * from {{ ref('int_activity_types') }}
),

{%- set text = dbt.type_string() %}

empty as (
    select
        cast(null as {{ text }}) as source_system,
        cast(null as {{ text }}) as tenant_id,
        cast(null as {{ text }}) as activity_id,
        cast(null as timestamp) as occurred_at,
        cast(null as integer) as activity_day,
        cast(null as {{ text }}) as activity_type,
        source,
        party,
        intent_level,
        weight,
        daily_cap,
        half_life_days,
        cast(null as {{ dbt.type_bigint() }}) as activity_count,
        cast(null as {{ text }}) as developer_id,
        cast(null as {{ type_double() }}) as role_weight,
        cast(null as {{ text }}) as account_domain,
        cast(null as {{ text }}) as account_id,
        cast(null as {{ text }}) as placed_domain,
        cast(null as {{ text }}) as placed_by,
        cast(null as {{ type_double() }}) as account_confidence,
        cast(null as {{ text }}) as url,
        cast(null as {{ text }}) as exclusion_reason,
        cast(null as timestamp) as written_at
    from activity_types
    where 1 = 0
)

select * from empty
