{#-
    Sightings of people whose records changed in this run. One from before the retention stays: its records are gone, so
    that it could not be summed up again.
-#}
{% macro is_touched_sighting() -%}
    exists (
        select 1
        from {{ ref('int_touched_people') }} as touched
        where touched.tenant_id = model_rows.tenant_id and touched.person_key = model_rows.person_key
    )
    {%- if var('retention_days') > 0 %}
    and not {{ is_past_retention('model_rows.first_seen_day') }}
    {%- endif %}
{%- endmacro %}
