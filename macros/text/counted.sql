{#- A number and what it counts, in words: `1 person`, `3 people`. -#}
{% macro counted(number, one, several) -%}
    cast({{ number }} as {{ dbt.type_string() }}) || case when {{ number }} = 1 then ' {{ one }}' else ' {{ several }}' end
{%- endmacro %}

{#- A date as text, 2026-01-31 on every engine. -#}
{% macro date_text(date) -%}
    cast({{ date }} as {{ dbt.type_string() }})
{%- endmacro %}
