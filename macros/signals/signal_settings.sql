{#- The settings of one signal as one row: whole numbers, and those that are not. -#}
{% macro signal_settings(signal, whole_numbers, numbers=[]) -%}
    select
        {%- for setting in whole_numbers %}
        cast(max(case when setting = '{{ setting }}' then value end) as integer) as {{ setting }}
        {{- ',' if not loop.last or numbers }}
        {%- endfor %}
        {%- for setting in numbers %}
        max(case when setting = '{{ setting }}' then value end) as {{ setting }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('signal_settings') }}
    where signal = '{{ signal }}'
{%- endmacro %}
