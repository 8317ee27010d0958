{#-
    What stands behind the @ of an address; null where there is none (a hashed address is a key, never split). The pattern
    costs twice what the split does, and only what begins with @ needs it.
-#}
{% macro email_domain(email) -%}
    case when {{ email }} not like '@%' or {{ email }} like '%_@_%' then nullif(split_part({{ email }}, '@', 2), '') end
{%- endmacro %}
