{#- Not the zero of some clock (1970, 1904) nor the end of time: nothing that is scored happened before 2000. -#}
{% macro is_plausible(moment) -%}
    ({{ moment }} >= cast('2000-01-01' as timestamp) and {{ moment }} < cast('2200-01-01' as timestamp))
{%- endmacro %}
