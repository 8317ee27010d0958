{#- What stands behind the @ of an address; null where there is none (a hashed address is a key, never split). -#}
{% macro email_domain(email) -%}
    case when {{ email }} like '%_@_%' then nullif(split_part({{ email }}, '@', 2), '') end
{%- endmacro %}
