{#-
    What the source systems deliver: for each, the raw tables behind each kind of staging model. A new system is one line.
-#}
{% macro staged_tables() -%}
    {{ return({
        'generic': {
            'activities': ['activities'], 'accounts': ['accounts'], 'contacts': ['contacts'],
            'opportunities': ['opportunities'],
        },
        'gharchive': {'activities': ['events'], 'contacts': ['users']},
    }) }}
{%- endmacro %}

{#- The systems that deliver a kind (activities, accounts, contacts, opportunities), of those switched on. The generic
    feed gives the shape, so it is always there; switched off, its raw tables are empty. -#}
{% macro systems_with(kind) -%}
    {%- set systems = [] -%}
    {%- for system in ['generic'] + (var('sources') | reject('equalto', 'generic') | list) if kind in staged_tables()[system] -%}
        {%- do systems.append(system) -%}
    {%- endfor -%}
    {{ return(systems) }}
{%- endmacro %}

{#- All rows of one kind, of all systems. -#}
{% macro union_staged(kind) -%}
    {%- for system in systems_with(kind) %}
    select staged.*
    from {{ ref('stg_' ~ system ~ '__' ~ kind) }} as staged
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- The raw tables of the activity feeds that are switched on, as pairs of system and table. -#}
{% macro activity_feeds() -%}
    {%- set feeds = [] -%}
    {%- for system in systems_with('activities') -%}
        {%- for table in staged_tables()[system]['activities'] -%}
            {%- do feeds.append((system, table)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(feeds) }}
{%- endmacro %}
