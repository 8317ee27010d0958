{#- Text to a whole number (3, 3.0, 3e2); null where it is none: a cast alone would round 1.5. -#}
{% macro try_whole_number(text) -%}
    case
        when
            {{ try_number(text, type_double()) }} = floor({{ try_number(text, type_double()) }})
            and abs({{ try_number(text, type_double()) }}) < 1e15
            then cast({{ try_number(text, type_double()) }} as {{ dbt.type_bigint() }})
    end
{%- endmacro %}
