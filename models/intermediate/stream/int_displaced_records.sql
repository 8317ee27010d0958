{#-
    Filled by int_activity_records, which takes these records out before it ranks them anew or reads their system again.
    Begins every run empty.
-#}
with staged as (
    {{ union_staged('activities') }}
),

empty as (
    select
        {{ activity_record_columns('staged') }},
        exclusion_reason as staged_exclusion_reason,
        cast(null as timestamp) as written_at
    from staged
    where 1 = 0
)

select * from empty
