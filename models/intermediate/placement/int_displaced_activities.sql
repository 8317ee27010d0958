{#- Filled by int_activities, which takes these out before it places them anew. Begins every run empty. -#}
{%- set text = dbt.type_string() %}
with typed as (
    select
        cast('' as {{ text }}) as tenant_id,
        cast('' as {{ text }}) as source_system,
        cast('' as {{ text }}) as activity_id,
        cast(0 as integer) as account_number,
        cast(0 as integer) as developer_number,
        cast(0 as integer) as activity_day
),

empty as (
    select * from typed
    where activity_id <> ''
)

select * from empty
