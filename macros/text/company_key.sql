{#- A company's name as people write it, reduced to what two spellings share: `@Acme, Inc.` and `ACME inc` are one. -#}
{% macro company_key(name) -%}
    {%- set legal_forms = "'((,? inc| ltd| llc| gmbh| corporation| corp| limited| b[.]v| s[.]a| ag| co)[.]?)+ '" -%}
    {%- set words = regex_replace_all("lower(trim(" ~ name ~ ")) || ' '", legal_forms, "' '") -%}
    nullif(translate({{ words }}, ' .,_-&@/()', ''), '')
{%- endmacro %}
