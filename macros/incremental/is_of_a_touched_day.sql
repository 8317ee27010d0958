{#-
    Rows by account, developer and day whose activities changed in this run; `day` is the row's day, as a number. Asking
    for the day first, by `in`, spares looking up the keys of all other days.
-#}
{% macro is_of_a_touched_day(day='model_rows.activity_day') -%}
    {{ day }} in (select days.activity_day from {{ ref('int_touched_days') }} as days)
    and exists (
        select 1
        from {{ ref('int_touched_days') }} as touched
        where
            touched.activity_day = {{ day }}
            and touched.account_key = coalesce(model_rows.account_id, '')
            and touched.developer_key = coalesce(model_rows.developer_id, '')
    )
{%- endmacro %}
