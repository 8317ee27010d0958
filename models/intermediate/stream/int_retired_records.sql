{{ config(materialized='incremental', incremental_strategy='append') }}

{#- Filled by int_activity_records, run by run, with what `retention_days` makes it forget. -#}
with empty as (
    select
        cast('' as {{ dbt.type_string() }}) as source_system,
        cast(0 as {{ dbt.type_bigint() }}) as record_count
)

select * from empty
where source_system <> ''
