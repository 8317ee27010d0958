{#-
    Whether a test looks at a row today. Of a table of many millions of rows it looks at a sixteenth of the keys a day,
    each within sixteen days; of any other at all of them.

    Arguments:
        relation: the table.
        key: its rows' key.
        is_md5: whether the key is an md5, whose first digit need not be hashed again.
-#}
{% macro is_due_for_audit(relation, key, is_md5=true) -%}
    (
        (select count(*) from {{ relation }}) <= 2000000
        {%- if is_md5 %}
        or substr({{ key }}, 1, 1) = (
            select substr('0123456789abcdef', 1 + mod(run.as_of_day, 16), 1) from {{ ref('int_run') }} as run
        )
        {%- else %}
        or {{ audit_turn(key) }} = (select mod(run.as_of_day, 16) from {{ ref('int_run') }} as run)
        {%- endif %}
    )
{%- endmacro %}
