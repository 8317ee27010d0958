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
) }}

{#-
    The one place where the raw feed is read. A repeated (tenant, system, id) keeps the record that was loaded first;
    only repeated ids are ranked, since a sort of the whole feed would cost more than all the rest of this model.
    A later run reads what arrived, and ranks an id that arrived again together with the records of it that were there.
-#}
-- depends_on: {{ ref('int_retired_records') }}
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

repeated_ids as (
    select
        tenant_id,
        source_system,
        activity_id
    from arrived
    where rejection_reason is null
    group by tenant_id, source_system, activity_id
    having count(*) > 1
),

repeated_records as (
    select
        arrived.*,
        row_number() over (
            partition by arrived.tenant_id, arrived.source_system, arrived.activity_id
            order by
                arrived.loaded_at,
                {#- Among records loaded at once, the smallest record text. #}
                concat_ws(
                    ',', cast(arrived.occurred_at as {{ dbt.type_string() }}), arrived.activity_type,
                    coalesce(arrived.email, ''), coalesce(arrived.github_login, ''), coalesce(arrived.user_id, ''),
                    coalesce(arrived.anonymous_id, ''), coalesce(arrived.display_name, ''),
                    coalesce(arrived.account_domain, ''), coalesce(arrived.url, ''),
                    case when arrived.is_bot then 'true' else 'false' end,
                    cast(arrived.activity_count as {{ dbt.type_string() }})
                )
        ) as arrival
    from arrived
    inner join repeated_ids
        on
            arrived.tenant_id = repeated_ids.tenant_id
            and arrived.source_system = repeated_ids.source_system
            and arrived.activity_id = repeated_ids.activity_id
    where arrived.rejection_reason is null
),

single_records as (
    select
        arrived.*,
        1 as arrival
    from arrived
    left join repeated_ids
        on
            arrived.tenant_id = repeated_ids.tenant_id
            and arrived.source_system = repeated_ids.source_system
            and arrived.activity_id = repeated_ids.activity_id
    where repeated_ids.activity_id is null or arrived.rejection_reason is not null
),

records as (
    select * from repeated_records
    union all
    select * from single_records
),

dated as (
    select
        records.source_system,
        records.tenant_id,
        records.activity_id,
        records.occurred_at,
        records.activity_day,
        records.loaded_at,
        records.activity_type,
        records.email,
        records.email_domain,
        records.github_login,
        records.user_id,
        records.anonymous_id,
        records.display_name,
        records.account_domain,
        records.url,
        records.is_bot,
        records.activity_count,
        case when records.arrival > 1 then 'duplicate' else records.exclusion_reason end as exclusion_reason,
        records.rejection_reason,
        records.record,
        records.table_name,
        records.account_domain_confidence,
        records.unmatched_name,
        records.ip_address,
        records.exclusion_reason as staged_exclusion_reason,
        {{ person_key('records') }} as person_key,
        run.published_at as written_at
    from records
    cross join run
)

select * from dated
