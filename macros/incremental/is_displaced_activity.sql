{#-
    Activities that must be placed anew, as far as they were placed before. Those of the future always: they are in
    no sighting yet, so that int_touched_records cannot know whose they are.
-#}
{% macro is_displaced_activity() -%}
    (
        exists (
            select 1
            from {{ ref('int_touched_records') }} as touched
            where
                touched.activity_id = model_rows.activity_id
                and touched.source_system = model_rows.source_system
                and touched.tenant_id = model_rows.tenant_id
        )
        or exists (
            select 1
            from {{ ref('int_alias_states') }} as aliases
            inner join {{ ref('int_run') }} as run on aliases.changed_at = run.published_at
            where aliases.domain = model_rows.placed_domain and aliases.tenant_id = model_rows.tenant_id
        )
        or coalesce(model_rows.exclusion_reason, '') = 'future'
    )
{%- endmacro %}
