{#- A text from a YAML file as an SQL literal; nothing is null. -#}
{% macro text_literal(value) -%}
    {%- if value -%}
        {{ dbt.string_literal(dbt.escape_single_quotes(value | string | trim)) }}
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
