{#- See table.sql. -#}
{% materialization view, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {{ drop_what_is_there() }}
        {{ create_view_as(target_relation, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=false) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
