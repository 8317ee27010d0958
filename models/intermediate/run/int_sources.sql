{{ config(materialized='view') }}

{#- A number for each source, for tables of many rows per source. Another list of sources starts everything anew. -#}
with sources as (
    select * from {{ ref('sources') }}
),

numbered as (
    select
        sources.*,
        cast(row_number() over (order by sources.source) as smallint) as source_number
    from sources
)

select * from numbered
