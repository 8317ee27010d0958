{#-
    Rows by account and developer whose activities changed in this run. A span that reaches back beyond the retention
    stays, and the part that can be summed up again stands beside it.
-#}
{% macro is_of_touched_people() -%}
    exists (
        select 1
        from {{ ref('int_touched_days') }} as touched
        where
            touched.account_key = coalesce(model_rows.account_id, '')
            and touched.developer_key = coalesce(model_rows.developer_id, '')
    )
    {%- if var('retention_days') > 0 %}
    and not {{ is_past_retention('model_rows.first_day') }}
    {%- endif %}
{%- endmacro %}
