{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['tenant_id', 'contact_key'],
) }}

{#-
    What the contacts of one set of identifiers say, in one text, and the run that last changed that: a contact changes
    with its own record, with the day it comes into force, and with the account that its company's name comes to. A set
    that is gone stays, as null.
-#}
{%- set kinds = identifier_kinds() -%}
{%- set text = dbt.type_string() -%}
with contacts as (
    select * from {{ ref('int_contact_employers') }}
),

run as (
    select * from {{ ref('int_run') }}
),

said as (
    select
        tenant_id,
        {%- for kind in kinds %}
        {{ kind }},
        {%- endfor %}
        {% for kind in kinds -%}
        coalesce({{ kind }}, ''){{ " || '|' || " if not loop.last }}
        {%- endfor %} as contact_key,
        md5(
            {%- for column in [
                'full_name', 'job_title', 'developer_tags', 'stated_domain', 'work_domain', 'company_domain', 'site_domain',
            ] %}
            coalesce({{ column }}, '') || '|' || case when {{ column }} is null then '' else '=' end || '|' ||
            {%- endfor %}
            coalesce(cast(company_confidence as {{ text }}), '') || '|'
            || coalesce(cast(valid_from_day as {{ text }}), '') || '|'
            || case when opted_out then 'opted out' else '' end || '|'
            || case when is_in_force then 'in force' else '' end
        ) as statement
    from contacts
),

current_states as (
    select
        tenant_id,
        contact_key,
        {%- for kind in kinds %}
        {{ kind }},
        {%- endfor %}
        {{ dbt.listagg('statement', "','", 'order by statement') }} as state
    from said
    group by tenant_id, contact_key, {{ kinds | join(', ') }}
),

{% if is_incremental() %}
known as (
    select * from {{ this }}
),

states as (
    select
        coalesce(current_states.tenant_id, known.tenant_id) as tenant_id,
        coalesce(current_states.contact_key, known.contact_key) as contact_key,
        {%- for kind in kinds %}
        coalesce(current_states.{{ kind }}, known.{{ kind }}) as {{ kind }},
        {%- endfor %}
        current_states.state
    from current_states
    full outer join known
        on current_states.tenant_id = known.tenant_id and current_states.contact_key = known.contact_key
    where coalesce(current_states.state, '') <> coalesce(known.state, '')
),
{% else %}
states as (
    select * from current_states
),
{% endif %}

dated as (
    select
        states.*,
        run.published_at as changed_at
    from states
    cross join run
)

select * from dated
