{#-
    Published precision: two decimals, rounded half up (scoring model, section 5). Nine decimals first, so that 59.995,
    which a double holds as 59.99499999999999744, rounds as the number it stands for.
-#}
{% macro round_score(points) -%}
    cast(round(cast({{ points }} as decimal(18, 9)), 2) as decimal(5, 2))
{%- endmacro %}
