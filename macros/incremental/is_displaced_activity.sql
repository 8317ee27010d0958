{#-
    Activities that must be placed anew, as far as they were placed before. Three questions asked one after the other:
    DuckDB looks a list of keys up quickly, and not at all where it is empty, but not where `or` stands between them.
-#}
{% macro is_of_a_touched_record() -%}
    {{ is_among({
        'activity_id': 'model_rows.activity_id',
        'source_system': 'model_rows.source_system',
        'tenant_id': 'model_rows.tenant_id',
    }, '(select * from ' ~ ref('int_touched_records') ~ ' as touched where not touched.is_new)') }}
{%- endmacro %}

{% macro is_at_a_changed_alias() -%}
    model_rows.placed_account_number in (
        select account_numbers.account_number
        from {{ ref('int_alias_states') }} as aliases
        inner join {{ ref('int_run') }} as run on aliases.changed_at = run.published_at
        inner join {{ ref('int_account_numbers') }} as account_numbers
            on aliases.tenant_id = account_numbers.tenant_id and aliases.domain = account_numbers.account_domain
    )
{%- endmacro %}

{#- Those of the future always: they are in no sighting yet, so that int_touched_records cannot know whose they are. -#}
{% macro was_of_the_future() -%}
    model_rows.activity_day > (select max(this_run.previous_as_of_day) from {{ ref('int_this_run') }} as this_run)
{%- endmacro %}
