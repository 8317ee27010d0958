{#- Filled by int_activities, which takes these out before it places them anew. Begins every run empty. -#}
{%- set text = dbt.type_string() %}
with empty as (
    select
        cast('' as {{ text }}) as tenant_id,
        cast('' as {{ text }}) as source_system,
        cast('' as {{ text }}) as activity_id,
        cast('' as {{ text }}) as account_id,
        cast('' as {{ text }}) as developer_id,
        cast(0 as integer) as activity_day
)

select * from empty
where activity_id <> ''
