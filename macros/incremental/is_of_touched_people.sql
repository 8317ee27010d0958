{#-
    Rows by account and developer whose activities changed in this run. A span that reaches back beyond the retention
    stays, and the part that can be summed up again stands beside it.
-#}
{% macro is_of_touched_people() -%}
    {{ is_among({
        'account_id': "coalesce(model_rows.account_id, '')",
        'developer_id': "coalesce(model_rows.developer_id, '')",
    }, ids_of_touched_days()) }}
    {%- if var('retention_days') > 0 %}
    and not {{ is_past_retention('model_rows.first_day') }}
    {%- endif %}
{%- endmacro %}
