{#- Schemas are named as configured, without the target's prefix: readers find `marts` on every engine. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
