{{ config(materialized='incremental', incremental_strategy='append') }}

{#- A number for each developer, kept from run to run: half the work of the text for the millions of developer-days. -#}
with developers as (
    select * from {{ ref('int_developers') }}
),

touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_developers') }}
),

{% if is_incremental() %}
known as (
    select * from {{ this }}
),

unknown as (
    select
        developers.developer_id,
        developers.tenant_id
    from developers
    inner join touched on developers.developer_id = touched.developer_id
    left join known on developers.developer_id = known.developer_id
    where known.developer_id is null
),

last_number as (
    select coalesce(max(developer_number), 0) as developer_number
    from known
),
{% else %}
unknown as (
    select
        developer_id,
        tenant_id
    from developers
),

last_number as (
    select 0 as developer_number
),
{% endif %}

numbered as (
    select
        unknown.developer_id,
        unknown.tenant_id,
        cast(last_number.developer_number + row_number() over (order by unknown.developer_id) as integer)
            as developer_number
    from unknown
    cross join last_number
)

select * from numbered
