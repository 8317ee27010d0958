{#-
    With `retention_days` set, a later run begins by deleting what is older from the working tables and the ledger. No
    score of the trend can change: it looks back over the window and 103 days at most, and the setting must be longer.
-#}
{% macro is_past_retention(day='model_rows.activity_day') -%}
    {{ day }} <= (select max(run.as_of_day) from {{ ref('int_run') }} as run) - {{ var('retention_days') }}
{%- endmacro %}

{% macro delete_past_retention(day='model_rows.activity_day') -%}
    {%- if var('retention_days') > 0 -%}
        {{ delete_rows(is_past_retention(day)) }}
    {%- endif -%}
{%- endmacro %}

{#- Records are counted before they go, so that all that ever arrived still adds up. -#}
{% macro count_past_retention(counts) -%}
    {%- if is_incremental() and var('retention_days') > 0 -%}
        insert into {{ counts }} (source_system, record_count)
        select
            model_rows.source_system,
            count(*) as record_count
        from {{ this }} as model_rows
        where {{ is_past_retention() }}
        group by model_rows.source_system
    {%- endif -%}
{%- endmacro %}
