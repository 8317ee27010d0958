{{ config(enabled='fivetran_marketo' in var('sources')) }}

{#-
    The activity tables and which of their own columns matter: `page` is the page that was looked at or linked to,
    `form` the form that was sent, `status` what became of it.
-#}
{%- set feeds = {
    'activity_visit_webpage': {'page': 'webpage_url', 'agent': 'user_agent'},
    'activity_fill_out_form': {'page': 'referrer_url', 'form': 'primary_attribute_value', 'agent': 'user_agent'},
    'activity_fill_out_linkedin_lead_gen_form': {'form': 'primary_attribute_value'},
    'activity_fill_out_facebook_lead_ads_form': {'form': 'primary_attribute_value'},
    'activity_click_link': {'page': 'link', 'agent': 'user_agent'},
    'activity_send_email': {'status': 'action_result'},
    'activity_email_delivered': {},
    'activity_email_bounced': {},
    'activity_email_bounced_soft': {},
    'activity_open_email': {'agent': 'user_agent'},
    'activity_click_email': {'page': 'link', 'agent': 'user_agent'},
    'activity_unsubscribe_email': {},
    'activity_send_sales_email': {},
    'activity_open_sales_email': {'agent': 'user_agent'},
    'activity_click_sales_email': {'page': 'link', 'agent': 'user_agent'},
    'activity_reply_to_sales_email': {},
    'activity_change_status_in_progression': {'status': 'new_status'},
} -%}
{%- set shared_columns = [
    'id', 'activity_date', 'lead_id', 'primary_attribute_value', 'primary_attribute_value_id', 'campaign_id',
    '_fivetran_synced',
] -%}
{%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with
{%- for table, feed in feeds.items() %}
{{ table }}_read as (
    select
        {% for column in shared_columns %}
        {{ clean_text('source_rows.' ~ column) }} as {{ column }},
        {% endfor %}
        {% for part in ['page', 'form', 'status', 'agent'] %}
        {{ clean_text('source_rows.' ~ feed[part]) if part in feed else nothing }} as {{ part }},
        {% endfor %}
        '{{ table }}' as table_name
    from {{ source('fivetran_marketo', table) }} as source_rows
),
{% endfor %}
records as (
    {% for table in feeds %}
    select * from {{ table }}_read
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- The lead that a merged one became, and what that one became in its turn.
{{ marketo_merge_ctes() }},

leads as (
    select
        {{ clean_text('id') }} as lead_id,
        max({{ clean_text('email') }}) as email,
        max({{ clean_text('first_name') }}) as first_name,
        max({{ clean_text('last_name') }}) as last_name
    from {{ source('fivetran_marketo', 'lead') }}
    where not coalesce({{ try_boolean(clean_text('_fivetran_deleted')) }}, false)
    group by {{ clean_text('id') }}
),

programs as (
    select
        {{ clean_text('id') }} as program_id,
        max(lower({{ clean_text('channel') }})) as channel
    from {{ source('fivetran_marketo', 'program') }}
    group by {{ clean_text('id') }}
),

parsed as (
    select
        records.*,
        {{ try_timestamp("replace(records.activity_date, ' UTC', 'Z')") }} as occurred_at,
        {{ try_timestamp("replace(records._fivetran_synced, ' UTC', 'Z')") }} as synced_at,
        coalesce(merged_leads.final_lead_id, records.lead_id) as final_lead_id,
        coalesce(lower(records.form), '') as form_name,
        case when records.table_name <> 'activity_visit_webpage' then '' end as event_key,
        case when records.page like 'http%' then coalesce({{ host_of('records.page') }}, '') else '' end as page_host,
        {#- Marketo names a page of the company's own site by its path alone. #}
        case
            when records.table_name <> 'activity_visit_webpage' then ''
            when records.page like 'http%' then {{ path_key(url_path('records.page')) }}
            else coalesce({{ path_key('records.page') }}, '')
        end as page_path
    from records
    left join merged_leads on records.lead_id = merged_leads.lead_id
),

page_types as (
    {{ page_types('parsed') }}
),

event_types as (
    {{ event_types('parsed', 'fivetran_marketo') }}
),

form_types as (
    {{ form_types('parsed') }}
),

known as (
    select
        parsed.*,
        leads.email,
        leads.first_name,
        leads.last_name,
        deleted_leads.lead_id is not null as is_deleted,
        programs.channel,
        lower(parsed.status) as result,
        form_types.activity_type as form_type,
        {{ web_activity_type('parsed') }} as page_type,
        {{ web_exclusion_reason() }} as page_exclusion,
        coalesce({{ form_unmatched_name('parsed') }}, {{ web_unmatched_name('parsed') }}) as unmatched_name
    from parsed
    {{ join_web_types('parsed') }}
    left join form_types on parsed.form_name = form_types.form_name
    left join leads on parsed.final_lead_id = leads.lead_id
    left join deleted_leads on parsed.final_lead_id = deleted_leads.lead_id
    left join programs on parsed.primary_attribute_value_id = programs.program_id
),

typed as (
    select
        known.*,
        case
            when table_name = 'activity_visit_webpage' then page_type
            when table_name like 'activity_fill_out_%' then coalesce(form_type, 'form_submitted')
            when
                table_name = 'activity_click_link'
                and {{ regex_matches('page', "'[.](pdf|zip|docx?|pptx?|epub)([?#]|$)'") }}
                then 'content_downloaded'
            when table_name = 'activity_click_link' then 'link_clicked'
            when table_name in ('activity_send_email', 'activity_send_sales_email') then 'email_sent'
            when table_name = 'activity_email_delivered' then 'email_delivered'
            when table_name like 'activity_email_bounced%' then 'email_bounced'
            when table_name like 'activity_open_%' then 'email_opened'
            when table_name like 'activity_click_%' then 'email_clicked'
            when table_name = 'activity_reply_to_sales_email' then 'email_replied'
            when table_name = 'activity_unsubscribe_email' then 'email_unsubscribed'
            when channel like '%webinar%' and result like '%attended%' and result not like '%not attend%'
                then 'webinar_attended'
            when channel like '%webinar%' and result like '%registered%' then 'webinar_registered'
            when
                {{ regex_matches('channel', "'event|trade ?show|roadshow|conference|meetup'") }}
                and result like '%attended%'
                then 'event_attended'
            when channel like '%content%' and result like '%download%' then 'content_downloaded'
            else 'program_status_changed'
        end as activity_type
    from known
),

checked as (
    select
        typed.*,
        case
            when id is null then 'missing_id'
            when activity_date is null then 'missing_activity_date'
            when occurred_at is null then 'bad_activity_date'
            when not {{ is_plausible('occurred_at') }} then 'implausible_activity_date'
            when lead_id is null then 'missing_lead_id'
        end as rejection_reason
    from typed
),

shaped as (
    select
        'fivetran_marketo' as source_system,
        'default' as tenant_id,
        table_name || ':' || id as activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        activity_type,
        case when not is_deleted then lower({{ unhashed_nothing('email') }}) end as email,
        case when not is_deleted then {{ email_domain('lower(email)') }} end as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        {#- Links what a lead does with its address, and leads that were merged with each other. #}
        case when not is_deleted then 'marketo:' || final_lead_id end as anonymous_id,
        case when not is_deleted then {{ clean_text("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") }} end
            as display_name,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        case when page like 'http://%' or page like 'https://%' then page end as url,
        {{ is_bot_user_agent('agent') }} as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case
            when rejection_reason is not null then null
            when is_deleted then 'deleted_lead'
            when table_name = 'activity_send_email' and result = 'skipped' then 'not_sent'
            when activity_type = 'email_sent' then 'delivery_step'
            when table_name = 'activity_visit_webpage' then page_exclusion
            when activity_type in ('link_clicked', 'program_status_changed') then 'ignored_event'
        end as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(shared_columns) }} end as record,
        table_name,
        unmatched_name
    from checked
)

select * from shaped
