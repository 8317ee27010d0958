{#- The whole numbers from 0 to 999 as day_offset, from digits: series functions differ by engine. -#}
{% macro day_offsets() -%}
    with digits as (
        {%- for digit in range(10) %}
        select {{ digit }} as digit{{ ' union all' if not loop.last }}
        {%- endfor %}
    )

    select hundreds.digit * 100 + tens.digit * 10 + ones.digit as day_offset
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
{%- endmacro %}
