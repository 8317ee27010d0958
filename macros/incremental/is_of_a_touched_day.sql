{#-
    Rows by account, developer and day whose activities changed in this run; `day` is the row's day, as a number. Asking
    for the day first, by `in`, spares looking up the keys of all other days.
-#}
{% macro is_of_a_touched_day(day='model_rows.activity_day') -%}
    {{ day }} in (select days.activity_day from {{ ref('int_touched_days') }} as days)
    and {{ is_among({
        'activity_day': day,
        'account_key': "coalesce(model_rows.account_id, '')",
        'developer_key': "coalesce(model_rows.developer_id, '')",
    }, ref('int_touched_days')) }}
{%- endmacro %}
