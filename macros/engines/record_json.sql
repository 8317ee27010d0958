{#- A raw record as JSON text, for the rows that are kept aside; `prefix` is what stands before the raw columns' names. -#}
{% macro record_json(columns, prefix='') -%}
    {{ return(adapter.dispatch('record_json', 'activity_score')(columns, prefix)) }}
{%- endmacro %}

{% macro default__record_json(columns, prefix) -%}
    cast(json_object({% for column in columns %}'{{ column }}', {{ prefix }}{{ column }}{{ ', ' if not loop.last }}{% endfor %}) as {{ dbt.type_string() }})
{%- endmacro %}

{% macro postgres__record_json(columns, prefix) -%}
    cast(json_build_object({% for column in columns %}'{{ column }}', {{ prefix }}{{ column }}{{ ', ' if not loop.last }}{% endfor %}) as text)
{%- endmacro %}

{% macro snowflake__record_json(columns, prefix) -%}
    to_json(object_construct_keep_null({% for column in columns %}'{{ column }}', {{ prefix }}{{ column }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{% macro spark__record_json(columns, prefix) -%}
    to_json(named_struct({% for column in columns %}'{{ column }}', {{ prefix }}{{ column }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
