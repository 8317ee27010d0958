{#- A company's name as people write it, reduced to what two spellings share: `@Acme, Inc.` and `ACME inc` are one. -#}
{% macro company_key(name) -%}
    {%- set words = [', inc', ' inc', ' ltd', ' llc', ' gmbh', ' corporation', ' corp', ' limited', ' b.v', ' s.a', ' ag', ' co'] -%}
    {%- set key = namespace(sql="lower(trim(" ~ name ~ ")) || ' '") -%}
    {%- for word in words -%}
        {%- set key.sql = "replace(replace(" ~ key.sql ~ ", '" ~ word ~ ". ', ' '), '" ~ word ~ " ', ' ')" -%}
    {%- endfor -%}
    nullif(translate({{ key.sql }}, ' .,_-&@/()', ''), '')
{%- endmacro %}
