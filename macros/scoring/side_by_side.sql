{#- The columns that int_developer_days draws each day from: for every half-life its running sum. -#}
{% macro side_by_side(decay_classes) -%}
    {%- set columns = ['developer_number'] -%}
    {%- for class in decay_classes -%}
        {%- do columns.append('points_' ~ class) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
