{{ config(materialized='view') }}

with activity_types as (
    select * from {{ ref('activity_types') }}
),

sources as (
    select * from {{ ref('int_sources') }}
),

with_sources as (
    select
        activity_types.activity_type,
        activity_types.source,
        sources.source_number,
        activity_types.display_name,
        activity_types.intent_level,
        activity_types.weight,
        activity_types.daily_cap,
        sources.half_life_days,
        sources.party
    from activity_types
    inner join sources on activity_types.source = sources.source
)

select * from with_sources
