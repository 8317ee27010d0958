{#- Text to a number of the given type; null where it cannot be read. -#}
{% macro try_number(text, type) -%}
    {{ return(adapter.dispatch('try_number', 'activity_score')(text, type)) }}
{%- endmacro %}

{% macro default__try_number(text, type) -%}
    try_cast({{ text }} as {{ type }})
{%- endmacro %}

{% macro postgres__try_number(text, type) -%}
    case when {{ text }} ~ '^[+-]?\d{1,18}(\.\d*)?([eE][+-]?\d{1,2})?$' then cast(cast({{ text }} as numeric) as {{ type }}) end
{%- endmacro %}
