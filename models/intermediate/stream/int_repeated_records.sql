{#-
    Filled by int_activity_records, which then takes these records back as int_ranked_records ranks them. Begins every
    run empty.
-#}
with displaced as (
    select * from {{ ref('int_displaced_records') }}
),

empty as (
    select * from displaced
    where 1 = 0
)

select * from empty
