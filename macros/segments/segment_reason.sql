{#-
    Why an account is in a segment, as text: the segment's other columns as `name: value`, empty ones left out. Which
    columns there are only the finished view knows; while dbt only reads the project (parse, compile, lint) and in unit
    tests there is none yet.
-#}
{% macro segment_reason(segment, relation) -%}
    {%- set parts = [] -%}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- set columns = adapter.get_columns_in_relation(relation) -%}
        {%- if 'account_id' not in columns | map(attribute='name') | map('lower') -%}
            {%- do exceptions.raise_compiler_error(
                'segment ' ~ segment ~ ' (models/segments/' ~ segment ~ '.sql) returns no column account_id; select it'
            ) -%}
        {%- endif -%}
        {%- for column in columns if column.name | lower != 'account_id' -%}
            {%- set value = adapter.quote(column.name) -%}
            {%- if column.is_float() -%}
                {#- What is infinite or no number at all is left out, as if it were empty. #}
                {%- set value = 'case when abs(' ~ value ~ ') < 1e15 then cast(' ~ value ~ ' as decimal(28, 2)) end' -%}
            {%- endif -%}
            {%- set name = text_literal(column.name | lower | replace('_', ' ')) -%}
            {%- do parts.append(
                "coalesce('; ' || " ~ name ~ " || ': ' || cast(" ~ value ~ " as " ~ dbt.type_string() ~ "), '')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if parts -%}
        nullif(substring({{ parts | join(' || ') }}, 3), '')
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
