{#-
    Whether a test looks at a row today. Of a table of many millions of rows it looks at a sixteenth of the keys a day,
    each within sixteen days; of any other at all of them.

    Arguments:
        relation: the table.
        key: its rows' md5 key.
-#}
{% macro is_due_for_audit(relation, key) -%}
    (
        (select count(*) from {{ relation }}) <= 2000000
        or substr({{ key }}, 1, 1) = (
            select substr('0123456789abcdef', 1 + mod(run.as_of_day, 16), 1) from {{ ref('int_run') }} as run
        )
    )
{%- endmacro %}
