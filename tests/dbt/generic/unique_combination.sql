{#- No two rows agree in all these columns; nulls count as equal. Of a large table, the keys that are due today. -#}
{% test unique_combination(model, columns, audit_key=none) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
{%- if audit_key %}
where {{ is_due_for_audit(model, audit_key) }}
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
