{#-
    See table.sql. New rows go straight into the table, without a temporary one between; what a model reads of itself is
    read before. A changed column is no matter here: the runner then builds from scratch.
-#}
{% materialization incremental, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {% call build_in_place() -%}
        {%- if existing is none or not existing.is_table or should_full_refresh() -%}
            {{ drop_what_is_there() }}
            {{ create_table_as(false, target_relation, compiled_code) }}
        {%- elif config.require('incremental_strategy') == 'append' -%}
            insert into {{ target_relation }} by name (
                {{ compiled_code }}
            )
        {%- else -%}
            {{ delete_and_insert(target_relation, config.require('unique_key'), compiled_code) }}
        {%- endif -%}
    {%- endcall %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro delete_and_insert(relation, unique_key, sql) -%}
    {%- set keys = [unique_key] if unique_key is string else unique_key -%}
    {%- set new_rows = relation.identifier ~ '__new_rows' -%}
    create temporary table {{ new_rows }} as (
        {{ sql }}
    );
    delete from {{ relation }} as model_rows
    using {{ new_rows }} as new_rows
    where
        {%- for key in keys %}
        model_rows.{{ key }} = new_rows.{{ key }}{{ ' and' if not loop.last }}
        {%- endfor %};
    insert into {{ relation }} by name select * from {{ new_rows }};
    drop table {{ new_rows }}
{%- endmacro %}
