{#-
    The developers who are worked out anew: those of the regrouped identifiers, as they were and as they are. Empty in a
    full build.
-#}
with this_run as (
    select * from {{ ref('int_this_run') }}
    where previous_as_of_day is not null
),

regrouped as (
    select * from {{ ref('int_regrouped_identifiers') }}
),

identifiers as (
    select * from {{ ref('int_identifiers') }}
),

touched as (
    select former_developer_id as developer_id
    from regrouped
    where former_developer_id is not null
    union
    select identifiers.developer_id
    from identifiers
    inner join regrouped
        on identifiers.identifier = regrouped.identifier and identifiers.tenant_id = regrouped.tenant_id
),

in_this_run as (
    select touched.*
    from touched
    cross join this_run
)

select * from in_this_run
