{{ config(enabled='fivetran_hubspot' in var('sources')) }}

{%- set raw_columns = [
    'timestamp', 'form_id', 'contact_id', 'conversion_id', 'page_id', 'page_url', 'title', '_fivetran_synced',
] -%}
with submissions as (
    select
        {{ cleaned_columns(raw_columns, prefix='raw_') }}
    from {{ source('fivetran_hubspot', 'contact_form_submission') }} as raw
),

forms as (
    select
        {{ clean_text('guid') }} as form_id,
        max(lower({{ clean_text('name') }})) as form_name
    from {{ source('fivetran_hubspot', 'form') }}
    where {{ clean_text('guid') }} is not null
    group by {{ clean_text('guid') }}
),

people as (
    select * from {{ ref('stg_fivetran_hubspot__people') }}
),

named as (
    {#- The title is that of the page, and the form's name only where the page has none. #}
    select
        submissions.*,
        coalesce(forms.form_name, lower(submissions.raw_title), '') as form_name,
        {{ moment_of('submissions.raw_timestamp') }} as occurred_at,
        {{ moment_of('submissions.raw__fivetran_synced') }} as synced_at
    from submissions
    left join forms on submissions.raw_form_id = forms.form_id
),

form_types as (
    {{ form_types('named') }}
),

checked as (
    select
        named.*,
        coalesce(form_types.activity_type, 'form_submitted') as activity_type,
        {{ form_unmatched_name('named') }} as unmatched_name,
        people.email,
        people.full_name,
        people.account_domain,
        people.is_deleted,
        coalesce(people.user_id, 'hubspot:' || named.raw_contact_id) as user_id,
        case
            when named.raw_timestamp is null then 'missing_timestamp'
            when named.occurred_at is null then 'bad_timestamp'
            when not {{ is_plausible('named.occurred_at') }} then 'implausible_timestamp'
        end as rejection_reason
    from named
    left join form_types on named.form_name = form_types.form_name
    left join people on named.raw_contact_id = people.contact_id
),

shaped as (
    select
        'fivetran_hubspot' as source_system,
        'default' as tenant_id,
        'form:' || coalesce(
            raw_conversion_id,
            coalesce(raw_form_id, '') || ':' || coalesce(raw_contact_id, '') || ':' || coalesce(raw_timestamp, '')
        ) as activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        activity_type,
        email,
        {{ email_domain('email') }} as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        full_name as display_name,
        account_domain,
        raw_page_url as url,
        false as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when rejection_reason is null and is_deleted then 'deleted' end as exclusion_reason,
        rejection_reason,
        case
            when rejection_reason is not null
                then {{ record_json([
                    'raw_timestamp', 'raw_form_id', 'raw_contact_id', 'raw_conversion_id', 'raw_page_id', 'raw_page_url',
                    'raw_title', 'raw__fivetran_synced',
                ]) }}
        end as record,
        'contact_form_submission' as table_name,
        unmatched_name
    from checked
)

select * from shaped
