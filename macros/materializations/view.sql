{#- See table.sql. -#}
{% materialization view, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {% call build_in_place() -%}
        {{ drop_what_is_there() }}
        {{ create_view_as(target_relation, compiled_code) }}
    {%- endcall %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
