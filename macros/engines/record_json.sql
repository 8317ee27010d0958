{#- A raw record as JSON text, for the rows that are kept aside. -#}
{% macro record_json(columns) -%}
    {{ return(adapter.dispatch('record_json', 'activity_score')(columns)) }}
{%- endmacro %}

{% macro default__record_json(columns) -%}
    cast(json_object({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}) as {{ dbt.type_string() }})
{%- endmacro %}

{% macro postgres__record_json(columns) -%}
    cast(json_build_object({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}) as text)
{%- endmacro %}

{% macro snowflake__record_json(columns) -%}
    to_json(object_construct_keep_null({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{% macro spark__record_json(columns) -%}
    to_json(named_struct({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
