{#- On DuckDB the marts go to the attached file `published`; a server engine has one database. -#}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {{ (custom_database_name if custom_database_name and target.type == 'duckdb' else target.database) | trim }}
{%- endmacro %}
