{#-
    Rows by account, developer and day whose activities changed in this run. Asking for the day first, by `in`, spares
    looking up the keys of all other days.

    Arguments:
        day: the row's day, as a number.
-#}
{% macro is_of_a_touched_day(day='model_rows.activity_day') -%}
    {{ day }} in (select days.activity_day from {{ ref('int_touched_days') }} as days)
    and {{ is_among({
        'activity_day': day,
        'account_key': 'coalesce(model_rows.account_number, 0)',
        'developer_key': 'coalesce(model_rows.developer_number, 0)',
    }, ref('int_touched_days')) }}
{%- endmacro %}

{#- The same for published rows, which call accounts and developers by their ids. -#}
{% macro is_published_of_a_touched_day() -%}
    {%- set day = to_day('model_rows.occurred_at') -%}
    {{ day }} in (select days.activity_day from {{ ref('int_touched_days') }} as days)
    and {{ is_among({
        'activity_day': day,
        'account_id': "coalesce(model_rows.account_id, '')",
        'developer_id': "coalesce(model_rows.developer_id, '')",
    }, ids_of_touched_days()) }}
{%- endmacro %}

{% macro ids_of_touched_days() -%}
    (
        select
            touched_days.activity_day,
            coalesce(touched_days.account_id, '') as account_id,
            coalesce(touched_days.developer_id, '') as developer_id
        from {{ ref('int_touched_days') }} as touched_days
    )
{%- endmacro %}
