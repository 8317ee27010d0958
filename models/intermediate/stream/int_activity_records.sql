{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ count_past_retention(ref('int_retired_records')) }}",
        "{{ delete_past_retention() }}",
        "{{ set_aside(ref('int_displaced_records'), has_arrived_again()) }}",
        "{{ delete_rows(has_arrived_again()) }}",
        "{{ set_aside(ref('int_displaced_records'), is_of_a_restated_system()) }}",
        "{{ delete_rows(is_of_a_restated_system()) }}",
    ],
    post_hook=[
        after_writing("{{ copy_repeated_records() }}"),
        after_writing("{{ delete_repeated_records() }}"),
        after_writing("{{ insert_ranked_records() }}"),
    ],
) }}

{#-
    The one place where the raw feed is read, in one stream: nothing here waits for all of the records. Of a repeated
    (tenant, system, id) the record that was loaded first is kept; that is decided afterwards, and only for the few that
    are repeated (int_ranked_records), since the largest feed does not fit into memory.
    A later run reads what arrived, and an id that arrived again together with the records of it that were there.
-#}
-- depends_on: {{ ref('int_retired_records') }}
-- depends_on: {{ ref('int_ranked_records') }}
with staged as (
    {{ arrived_activities() }}
),

displaced as (  -- noqa: ST03
    select * from {{ ref('int_displaced_records') }}
),

restated_systems as (  -- noqa: ST03
    select source_system from {{ source('activity_score', 'restated_systems') }}
),

run as (
    select * from {{ ref('int_run') }}
),

arrived as (
    select
        {{ activity_record_columns('staged') }}
    from staged
    {%- if is_incremental() %}
    union all
    select
        {{ activity_record_columns('displaced') | replace('displaced.exclusion_reason', 'displaced.staged_exclusion_reason') }}
    from displaced
    where displaced.source_system not in (select restated_systems.source_system from restated_systems)
    {%- endif %}
),

dated as (
    select
        arrived.*,
        arrived.exclusion_reason as staged_exclusion_reason,
        run.published_at as written_at
    from arrived
    cross join run
)

select * from dated
