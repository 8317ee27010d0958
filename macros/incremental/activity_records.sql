{#-
    The columns that every record keeps from its system, and the day it happened on. The raw table matters to rejected ones
    alone.
-#}
{% macro activity_record_columns(relation) -%}
    {{ relation }}.source_system,
        {{ relation }}.tenant_id,
        {{ relation }}.activity_id,
        {{ relation }}.occurred_at,
        {{ to_day(relation ~ '.occurred_at') }} as activity_day,
        {{ relation }}.loaded_at,
        {{ relation }}.activity_type,
        {{ relation }}.email,
        {{ relation }}.email_domain,
        {{ relation }}.github_login,
        {{ relation }}.user_id,
        {{ relation }}.anonymous_id,
        {{ relation }}.display_name,
        {{ relation }}.account_domain,
        {{ relation }}.url,
        {{ relation }}.is_bot,
        {{ relation }}.activity_count,
        {{ relation }}.exclusion_reason,
        {{ relation }}.rejection_reason,
        {{ relation }}.record,
        case when {{ relation }}.rejection_reason is not null then {{ relation }}.table_name end as table_name,
        {{ relation }}.account_domain_confidence,
        {{ relation }}.unmatched_name,
        {{ relation }}.ip_address
{%- endmacro %}

{#-
    What arrived since the last run. The loader of the embedded engine leaves exactly that in the raw tables (and whole
    systems of which something changed); on a server the raw tables hold everything, and `loaded_at` tells.
-#}
{% macro arrived_activities() -%}
    {{ return(adapter.dispatch('arrived_activities', 'activity_score')()) }}
{%- endmacro %}

{% macro duckdb__arrived_activities() -%}
    {{ union_staged('activities') }}
{%- endmacro %}

{% macro default__arrived_activities() -%}
    select all_staged.*
    from (
        {{ union_staged('activities') }}
    ) as all_staged
    {%- if is_incremental() %}
    where all_staged.loaded_at > (select max(known.loaded_at) from {{ this }} as known)
    {%- endif %}
{%- endmacro %}

{#- Records of systems that are read whole again. -#}
{% macro is_of_a_restated_system() -%}
    model_rows.source_system in (
        select restated.source_system from {{ source('activity_score', 'restated_systems') }} as restated
    )
{%- endmacro %}

{#- Records of ids that arrived once more. `in` finds the few by their id alone; `exists` then looks at the rest of the key. -#}
{% macro has_arrived_again() -%}
    model_rows.activity_id in (
        select again.activity_id
        from (
            {{ arrived_activities() }}
        ) as again
        where again.rejection_reason is null
    )
    and exists (
        select 1
        from (
            {{ arrived_activities() }}
        ) as arrived
        where
            arrived.rejection_reason is null
            and arrived.activity_id = model_rows.activity_id
            and arrived.source_system = model_rows.source_system
            and arrived.tenant_id = model_rows.tenant_id
    )
{%- endmacro %}
