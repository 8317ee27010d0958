{#-
    How many records arrived, per raw table. The loader of the embedded engine keeps count, since its raw tables hold
    only what is new; on a server the raw tables hold everything.
-#}
{% macro arrived_record_counts() -%}
    {{ return(adapter.dispatch('arrived_record_counts', 'activity_score')()) }}
{%- endmacro %}

{% macro duckdb__arrived_record_counts() -%}
    select
        source_system,
        table_name,
        record_count
    from {{ source('activity_score', 'read_records') }}
{%- endmacro %}

{% macro default__arrived_record_counts() -%}
    {%- for system, table in activity_feeds() %}
    select
        '{{ system }}' as source_system,
        '{{ table }}' as table_name,
        count(*) as record_count
    from {{ source(system, table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
