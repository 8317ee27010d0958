{{ config(enabled='segment' in var('sources')) }}

with calls as (
    {{ segment_pages('segment') }}
    union all
    {{ segment_tracks('segment') }}
)

select * from calls
