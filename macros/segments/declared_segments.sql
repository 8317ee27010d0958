{#-
    What the YAML of each segment says, as a relation. The order of action steps is part of their meaning, so they are
    numbered, one a line. A segment without YAML is there by name alone.
-#}
{% macro declared_segments() -%}
    {%- set nodes = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.fqn[1] == 'segments' -%}
            {%- do nodes.append(node) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for node in nodes | sort(attribute='name') %}
    {%- set meta = node.config.meta or node.meta %}
    {%- set steps = [] %}
    {%- for step in meta.action_steps or [] %}{% do steps.append(loop.index ~ '. ' ~ step) %}{% endfor %}
    select
        '{{ node.name }}' as segment,
        {{ text_literal(node.description) }} as description,
        {{ text_literal(meta.playbook) }} as playbook,
        cast({{ meta.priority or 'null' }} as {{ dbt.type_int() }}) as priority,
        {{ text_literal(steps | join('\n')) }} as action_steps,
        {{ meta.get('export', true) | string | lower }} as is_exported
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        {%- for column in ['segment', 'description', 'playbook', 'action_steps'] %}
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        {%- endfor %}
        cast(null as {{ dbt.type_int() }}) as priority,
        true as is_exported
    from {{ ref('int_run') }}
    where as_of_day is null
    {%- endfor %}
{%- endmacro %}
