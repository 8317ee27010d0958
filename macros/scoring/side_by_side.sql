{#- The columns that int_developer_days draws each day from: for every half-life its running sum and the half-life. -#}
{% macro side_by_side(decay_classes) -%}
    {%- set columns = ['developer_number', 'as_of_day'] -%}
    {%- for class in decay_classes -%}
        {%- do columns.extend(['points_' ~ class, 'half_life_' ~ class]) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
