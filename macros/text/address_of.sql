{#- An e-mail address in lower case, where a text is one: programs send addresses as user ids. -#}
{% macro address_of(text) -%}
    case when {{ text }} like '%_@_%._%' and {{ text }} not like '% %' then lower({{ text }}) end
{%- endmacro %}
