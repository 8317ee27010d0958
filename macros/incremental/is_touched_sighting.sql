{#-
    Sightings of people whose records changed in this run. One from before the retention stays: its records are gone, so
    that it could not be summed up again.
-#}
{% macro is_touched_sighting() -%}
    {{ is_among({
        'tenant_id': 'model_rows.tenant_id',
        'person_key': 'model_rows.person_key',
    }, ref('int_touched_people')) }}
    {%- if var('retention_days') > 0 %}
    and not {{ is_past_retention('model_rows.first_seen_day') }}
    {%- endif %}
{%- endmacro %}
