{#- What stands behind the host of an address of the web; a text that is no such address stays as it is. -#}
{% macro host_free(text) -%}
    case
        when lower({{ text }}) like 'http%://%/%'
            then substring({{ text }}, length(split_part({{ text }}, '/', 1) || '//' || split_part({{ text }}, '/', 3)) + 2)
        when lower({{ text }}) like '%.com/%' then substring({{ text }}, length(split_part({{ text }}, '/', 1)) + 2)
        else {{ text }}
    end
{%- endmacro %}
