{#-
    What the source systems deliver: for each, the raw tables behind each kind of staging model. A new system is one line.
-#}
{% macro staged_tables() -%}
    {{ return({
        'generic': {
            'activities': ['activities'], 'accounts': ['accounts'], 'account_stages': ['accounts'],
            'contacts': ['contacts'], 'opportunities': ['opportunities'],
        },
        'gharchive': {'activities': ['events'], 'contacts': ['users']},
        'discourse': {'activities': ['topics', 'posts', 'users', 'post_actions'], 'contacts': ['users']},
        'fivetran_github': {
            'activities': [
                'issue', 'issue_comment', 'pull_request_review', 'issue_closed_history', 'issue_merged', 'commit',
            ],
            'contacts': ['user', 'user_email'],
        },
        'fivetran_hubspot': {
            'activities': [
                'contact_form_submission', 'email_event', 'engagement_meeting', 'engagement_call', 'engagement_email',
                'engagement_contact',
            ],
            'accounts': ['company'], 'account_stages': ['company_property_history', 'company'],
            'contacts': ['contact'], 'opportunities': ['deal'],
        },
        'fivetran_marketo': {
            'activities': [
                'activity_visit_webpage', 'activity_fill_out_form', 'activity_fill_out_linkedin_lead_gen_form',
                'activity_fill_out_facebook_lead_ads_form', 'activity_click_link', 'activity_send_email',
                'activity_email_delivered', 'activity_email_bounced', 'activity_email_bounced_soft',
                'activity_open_email', 'activity_click_email', 'activity_unsubscribe_email',
                'activity_send_sales_email', 'activity_open_sales_email', 'activity_click_sales_email',
                'activity_reply_to_sales_email', 'activity_change_status_in_progression',
            ],
            'contacts': ['lead'],
        },
        'fivetran_salesforce': {
            'activities': ['event', 'task', 'campaign_member'],
            'accounts': ['account'], 'account_stages': ['account_history', 'account'],
            'contacts': ['contact', 'lead'], 'opportunities': ['opportunity'],
        },
        'posthog': {'activities': ['events'], 'contacts': ['persons', 'events']},
        'rudderstack': {
            'activities': ['pages', 'tracks', 'events'], 'contacts': ['identifies', 'groups', 'aliases', 'users'],
        },
        'scarf': {'activities': ['events']},
        'segment': {
            'activities': ['pages', 'tracks'], 'contacts': ['identifies', 'groups', 'aliases', 'users'],
        },
        'slack': {'activities': ['history'], 'contacts': ['members']},
        'stackexchange': {'activities': ['Posts', 'Comments'], 'contacts': ['Users']},
        'snowplow': {'activities': ['events']},
        'usage_events': {'activities': ['events', 'aggregated_events']},
    }) }}
{%- endmacro %}

{#- The systems that deliver a kind (activities, accounts, account_stages, contacts, opportunities), of those switched
    on. The generic feed gives the shape, so it is always there; switched off, its raw tables are empty. -#}
{% macro systems_with(kind) -%}
    {%- set systems = [] -%}
    {%- for system in ['generic'] + (var('sources') | reject('equalto', 'generic') | list) if kind in staged_tables()[system] -%}
        {%- do systems.append(system) -%}
    {%- endfor -%}
    {{ return(systems) }}
{%- endmacro %}

{#- The columns of the staging shape of activities that every system has. -#}
{% macro activity_columns() -%}
    {{ return([
        'source_system', 'tenant_id', 'activity_id', 'occurred_at', 'loaded_at', 'activity_type', 'email',
        'email_domain', 'github_login', 'user_id', 'anonymous_id', 'display_name', 'account_domain', 'url', 'is_bot',
        'activity_count', 'exclusion_reason', 'rejection_reason', 'record', 'table_name',
    ]) }}
{%- endmacro %}

{#- Those that only some systems have, their types, and the systems; for the others they are null. -#}
{% macro optional_activity_columns() -%}
    {{ return({
        'account_domain_confidence': {'type': type_double(), 'systems': ['scarf']},
        'unmatched_name': {'type': dbt.type_string(), 'systems': [
            'fivetran_hubspot', 'fivetran_marketo', 'fivetran_salesforce', 'posthog', 'rudderstack', 'scarf', 'segment',
            'snowplow', 'usage_events',
        ]},
        'ip_address': {'type': dbt.type_string(), 'systems': [
            'generic', 'posthog', 'rudderstack', 'segment', 'snowplow', 'usage_events',
        ]},
    }) }}
{%- endmacro %}

{#- All rows of one kind, of all systems. -#}
{% macro union_staged(kind) -%}
    {%- for system in systems_with(kind) %}
    select
        {%- if kind == 'activities' %}
        {%- for column in activity_columns() %}
        staged.{{ column }},
        {%- endfor %}
        {%- for column, found in optional_activity_columns().items() %}
        {{ 'staged.' ~ column if system in found.systems else 'cast(null as ' ~ found.type ~ ')' }} as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
        {%- else %}
        staged.*
        {%- endif %}
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
