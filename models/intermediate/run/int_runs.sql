{{ config(materialized='incremental', incremental_strategy='append') }}

{#-
    What the run before had reached: from there an incremental run goes on. After a full refresh this run is the first.
-#}
with run as (
    select * from {{ ref('int_run') }}
),

{% if is_incremental() %}
last_run as (
    select max(as_of_day) as as_of_day
    from {{ this }}
    where run_at = (select max(earlier.run_at) from {{ this }} as earlier)
),
{% else %}
last_run as (
    select cast(null as integer) as as_of_day
),
{% endif %}

runs as (
    select
        run.published_at as run_at,
        run.as_of_day,
        last_run.as_of_day as previous_as_of_day
    from run
    cross join last_run
)

select * from runs
