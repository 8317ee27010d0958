{#-
    Activities that must be placed anew, as far as they were placed before. Those of the future always: they are in
    no sighting yet, so that int_touched_records cannot know whose they are.
-#}
{% macro is_displaced_activity() -%}
    {%- set changed_aliases -%}
        (
            select
                aliases.domain,
                aliases.tenant_id
            from {{ ref('int_alias_states') }} as aliases
            inner join {{ ref('int_run') }} as run on aliases.changed_at = run.published_at
        )
    {%- endset -%}
    (
        {{ is_among({
            'activity_id': 'model_rows.activity_id',
            'source_system': 'model_rows.source_system',
            'tenant_id': 'model_rows.tenant_id',
        }, ref('int_touched_records')) }}
        or {{ is_among({
            'domain': 'model_rows.placed_domain',
            'tenant_id': 'model_rows.tenant_id',
        }, changed_aliases) }}
        or coalesce(model_rows.exclusion_reason, '') = 'future'
    )
{%- endmacro %}
