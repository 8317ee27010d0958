{#- Rows by identifier of whom it is worked out in this run whose they are. -#}
{% macro is_regrouped() -%}
    {{ is_among({
        'identifier': 'model_rows.identifier',
        'tenant_id': 'model_rows.tenant_id',
    }, ref('int_regrouped_identifiers')) }}
{%- endmacro %}

{#- Rows by identifier of whom something was seen or said in this run that was not before. -#}
{% macro is_of_a_touched_identifier() -%}
    {{ is_among({
        'identifier': 'model_rows.identifier',
        'tenant_id': 'model_rows.tenant_id',
    }, ref('int_touched_identifiers')) }}
{%- endmacro %}

{#- Rows by developer of those who are worked out anew. -#}
{% macro is_of_a_touched_developer() -%}
    {{ is_among({'developer_id': 'model_rows.developer_id'}, ref('int_touched_developers')) }}
{%- endmacro %}
