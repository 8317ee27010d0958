{#-
    No two rows agree in all these columns; nulls count as equal. Of a large table, the keys that are due today, by one of
    the columns: an md5 (`audit_key`), or any other text (`audit_text`).
-#}
{% test unique_combination(model, columns, audit_key=none, audit_text=none) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
{%- if audit_key or audit_text %}
where {{ is_due_for_audit(model, audit_key or audit_text, is_md5=audit_text is none) }}
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
