{#- The factor 2 ^ (-days / half-life). -#}
{% macro decay(days, half_life_days) -%}
    power(cast(2 as {{ type_double() }}), -cast({{ days }} as {{ type_double() }}) / {{ half_life_days }})
{%- endmacro %}
