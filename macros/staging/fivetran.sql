{#- What the tables of the CRM connectors have in common. -#}

{#- Text to a UTC timestamp; the CRM's own interface counts milliseconds since 1970. -#}
{% macro moment_of(text) -%}
    {{ try_epoch_or_timestamp(text) }}
{%- endmacro %}

{#- Whether a text says yes; nothing and what is neither is no. -#}
{% macro is_true(text) -%}
    coalesce({{ try_boolean(text) }}, false)
{%- endmacro %}

{#-
    Of a relation (merged_id, survivor_id), the record that is left in the end: one that was merged into another may have
    been merged again. Four merges deep, which is deeper than people go.
-#}
{% macro follow_merges(merges) -%}
    select
        step_1.merged_id,
        coalesce(step_4.survivor_id, step_3.survivor_id, step_2.survivor_id, step_1.survivor_id) as survivor_id
    from {{ merges }} as step_1
    left join {{ merges }} as step_2 on step_1.survivor_id = step_2.merged_id
    left join {{ merges }} as step_3 on step_2.survivor_id = step_3.merged_id
    left join {{ merges }} as step_4 on step_3.survivor_id = step_4.merged_id
{%- endmacro %}

{#- The columns of a raw table, cleaned; `prefix` goes before their names, where a name is a word of SQL. -#}
{% macro cleaned_columns(columns, prefix='') -%}
    {%- for column in columns %}
        {{ clean_text('raw.' ~ column) }} as {{ prefix }}{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    The columns of a Salesforce table under the connector's names. Some connectors keep Salesforce's own spelling, where
    account_id is AccountId: then the other of the two is null.
-#}
{% macro salesforce_columns(columns) -%}
    {%- for column in columns %}
        {%- set own_spelling = column | replace('_', '') %}
        {%- if column == own_spelling or column.startswith('_fivetran') %}
        {{ clean_text('raw.' ~ column) }} as {{ column }}{{ ',' if not loop.last }}
        {%- else %}
        coalesce({{ clean_text('raw.' ~ column) }}, {{ clean_text('raw.' ~ own_spelling) }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
