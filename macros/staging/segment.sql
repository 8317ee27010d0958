{#-
    Segment's warehouse tables, and those of whoever writes the same ones (RudderStack): the models of such a system
    are these macros with its name.
-#}

{#- The columns of calls (page, track): those of all tables, so that every call has them. -#}
{% macro segment_call_columns() -%}
    {{ return([
        'id', 'user_id', 'anonymous_id', 'event', 'event_text', 'name', 'url', 'path', 'context_page_url',
        'context_page_path', 'context_group_id', 'context_traits_email', 'context_user_agent', 'context_is_bot',
        'timestamp', 'original_timestamp', 'received_at', 'loaded_at', 'uuid_ts', 'type', 'message_id', 'properties',
        'context', 'context_ip',
    ]) }}
{%- endmacro %}

{#- The columns of what is said about people (identify, group, alias, user). -#}
{% macro segment_person_columns() -%}
    {{ return([
        'id', 'user_id', 'anonymous_id', 'previous_id', 'group_id', 'email', 'name', 'first_name', 'last_name', 'title',
        'job_title', 'company', 'company_name', 'company_domain', 'company_website', 'domain', 'website',
        'github_login', 'github_username', 'context_traits_email', 'context_traits_name', 'timestamp',
        'original_timestamp', 'received_at', 'traits',
    ]) }}
{%- endmacro %}

{#- One raw table with the columns asked for, trimmed; those it does not declare (`declared`) are null. -#}
{% macro segment_rows(system, table, columns, declared) -%}
    select
        {%- for column in columns %}
        {{ clean_text('delivered.' ~ column) if column in declared else 'cast(null as ' ~ dbt.type_string() ~ ')' }}
            as {{ column }},
        {%- endfor %}
        '{{ table }}' as table_name
    from {{ source(system, table) }} as delivered
{%- endmacro %}

{% macro segment_pages(system) -%}
    {{ segment_rows(system, 'pages', segment_call_columns(), segment_call_columns()
        | reject('in', ['event', 'event_text', 'type', 'message_id', 'properties', 'context']) | list) }}
{%- endmacro %}

{% macro segment_tracks(system) -%}
    {{ segment_rows(system, 'tracks', segment_call_columns(), segment_call_columns()
        | reject('in', ['name', 'url', 'path', 'type', 'message_id', 'properties', 'context']) | list) }}
{%- endmacro %}

{#- Page and track calls in the staging shape. -#}
{% macro segment_activities(system) -%}
with calls as (
    select * from {{ ref('stg_' ~ system ~ '__calls') }}
),

people as (
    select * from {{ ref('stg_' ~ system ~ '__people') }}
),

run as (
    select * from {{ ref('int_run') }}
),

read_out as (
    select
        calls.*,
        coalesce(timestamp, original_timestamp) as occurred_text,
        {{ try_timestamp('coalesce(timestamp, original_timestamp)') }} as occurred_at,
        {{ try_timestamp('uuid_ts') }} as written_at,
        {{ try_timestamp('loaded_at') }} as table_loaded_at,
        {{ try_timestamp('received_at') }} as call_received_at,
        table_name = 'pages' or coalesce(type in ('0', 'page'), false) as is_page,
        {#- The slug before the words: it is what the table of the event is called. #}
        nullif({{ event_key('coalesce(event, event_text)') }}, '') as named_event,
        coalesce(url, context_page_url) as page_url,
        {{ page_keys(
            'coalesce(url, context_page_url)', path='coalesce(path, case when url is null then context_page_path end)'
        ) }}
    from calls
),

checked as (
    select
        read_out.*,
        case when not is_page then named_event end as event_key,
        case
            when id is null then 'missing_id'
            when occurred_text is null then 'missing_timestamp'
            when occurred_at is null then 'bad_timestamp'
            when not {{ is_plausible('occurred_at') }} then 'implausible_timestamp'
            when properties is not null and {{ json_values('properties', {'url': ['url']}) }} is null
                then 'bad_properties_json'
            when not is_page and named_event is null then 'missing_event'
        end as rejection_reason
    from read_out
),

page_types as (
    {{ page_types('checked') }}
),

event_types as (
    {{ event_types('checked', system) }}
),

{#- The domain of a group is that of the first group call that tells one. #}
group_calls as (
    select
        people.group_id,
        people.group_domain,
        row_number() over (
            partition by people.group_id
            order by people.occurred_at, people.group_domain
        ) as call_order
    from people
    cross join run
    where
        people.group_id is not null
        and people.group_domain is not null
        and coalesce({{ to_day('people.occurred_at') }} <= run.as_of_day, true)
),

group_domains as (
    select
        group_id,
        group_domain
    from group_calls
    where call_order = 1
),

shaped as (
    select
        '{{ system }}' as source_system,
        'default' as tenant_id,
        checked.id as activity_id,
        checked.occurred_at,
        {#- When the row was written; a clock that stood at zero says nothing. #}
        coalesce(
            case when {{ is_plausible('checked.written_at') }} then checked.written_at end,
            case when {{ is_plausible('checked.table_loaded_at') }} then checked.table_loaded_at end,
            case when {{ is_plausible('checked.call_received_at') }} then checked.call_received_at end,
            checked.occurred_at
        ) as loaded_at,
        {{ web_activity_type('checked') }} as activity_type,
        coalesce(lower(checked.context_traits_email), {{ address_of('checked.user_id') }}) as email,
        {{ email_domain("coalesce(lower(checked.context_traits_email), " ~ address_of('checked.user_id') ~ ")") }}
            as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        case when {{ address_of('checked.user_id') }} is null then checked.user_id end as user_id,
        checked.anonymous_id,
        cast(null as {{ dbt.type_string() }}) as display_name,
        coalesce(group_domains.group_domain, {{ domain_of('checked.context_group_id') }}) as account_domain,
        {{ url_without_query('checked.page_url') }} as url,
        coalesce({{ try_boolean('checked.context_is_bot') }}, false)
        or {{ is_bot_user_agent('checked.context_user_agent') }} as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case when checked.rejection_reason is null then {{ web_exclusion_reason() }} end as exclusion_reason,
        checked.rejection_reason,
        case
            when checked.rejection_reason is not null
                then {{ record_json(segment_call_columns() | reject('equalto', 'context_ip') | list) }}
        end as record,
        checked.table_name,
        {{ web_unmatched_name('checked') }} as unmatched_name,
        checked.context_ip as ip_address
    from checked
    {{ join_web_types('checked') }}
    left join group_domains on checked.context_group_id = group_domains.group_id
)

select * from shaped
{%- endmacro %}

{#- A trait: the column where there is one, else the first of the JSON keys that holds text. -#}
{% macro segment_trait(column, keys, paths) -%}
    coalesce({{ column }}, {{ first_json_value('trait_values', paths, keys) }})
{%- endmacro %}

{#-
    What is said about people: identify and group calls, aliases, the table of users. Traits are columns in a warehouse
    and JSON in an export, there in camelCase or in snake_case.
-#}
{% macro segment_people(system) -%}
{%- set columns = segment_person_columns() -%}
{%- set call = ['id', 'timestamp', 'original_timestamp', 'received_at'] -%}
{%- set paths = {
    'email': ['email'], 'name': ['name'], 'first_name': ['first_name'], 'firstName': ['firstName'],
    'given_name': ['given_name'], 'last_name': ['last_name'], 'lastName': ['lastName'],
    'family_name': ['family_name'], 'title': ['title'], 'job_title': ['job_title'], 'jobTitle': ['jobTitle'],
    'company': ['company'], 'company.name': ['company', 'name'], 'company_name': ['company_name'],
    'companyName': ['companyName'], 'company.domain': ['company', 'domain'], 'company_domain': ['company_domain'],
    'companyDomain': ['companyDomain'], 'company.website': ['company', 'website'],
    'company_website': ['company_website'], 'companyWebsite': ['companyWebsite'], 'domain': ['domain'],
    'website': ['website'], 'github_login': ['github_login'], 'github_username': ['github_username'],
    'githubUsername': ['githubUsername'],
} -%}
with delivered as (
    {{ segment_rows(system, 'identifies', columns, columns | reject('in', ['previous_id', 'group_id']) | list) }}
    union all
    {{ segment_rows(system, 'groups', columns, call + [
        'user_id', 'anonymous_id', 'group_id', 'name', 'domain', 'website', 'context_traits_email', 'traits',
    ]) }}
    union all
    {{ segment_rows(system, 'aliases', columns, call + ['user_id', 'previous_id']) }}
    union all
    {{ segment_rows(system, 'users', columns, columns | reject('in', [
        'user_id', 'anonymous_id', 'previous_id', 'group_id', 'timestamp', 'original_timestamp', 'traits',
    ]) | list) }}
),

parsed as (
    select
        delivered.*,
        {{ json_values('traits', paths) }} as trait_values,
        {#- The table of users has their ids in `id`. #}
        case when table_name = 'users' then id else user_id end as person_id
    from delivered
),

read_out as (
    select
        parsed.*,
        {{ try_timestamp('coalesce(timestamp, original_timestamp)') }} as occurred_at,
        {{ segment_trait('email', ['email'], paths) }} as stated_email,
        {{ segment_trait('name', ['name'], paths) }} as stated_name,
        {{ segment_trait('first_name', ['first_name', 'firstName', 'given_name'], paths) }} as stated_first_name,
        {{ segment_trait('last_name', ['last_name', 'lastName', 'family_name'], paths) }} as stated_last_name,
        {{ segment_trait('coalesce(title, job_title)', ['title', 'job_title', 'jobTitle'], paths) }} as stated_title,
        {#- In an export the company may be an object with a name and more. #}
        {{ segment_trait(
            'coalesce(company_name, company)', ['company_name', 'companyName', 'company.name', 'company'], paths
        ) }} as company_text,
        {{ segment_trait('company_domain', ['company_domain', 'companyDomain', 'company.domain'], paths) }}
            as stated_company_domain,
        {{ segment_trait('company_website', ['company_website', 'companyWebsite', 'company.website'], paths) }}
            as stated_company_website,
        {{ segment_trait('domain', ['domain'], paths) }} as stated_domain,
        {{ segment_trait('website', ['website'], paths) }} as stated_website,
        {{ segment_trait(
            'coalesce(github_login, github_username)', ['github_login', 'github_username', 'githubUsername'], paths
        ) }} as stated_github_login
    from parsed
),

located as (
    select
        read_out.*,
        case
            when table_name = 'groups'
                then coalesce(
                    {{ domain_of('stated_domain') }}, {{ domain_of('stated_website') }}, {{ domain_of('group_id') }},
                    {{ domain_of('stated_name') }}
                )
        end as group_domain,
        {{ domain_of('company_text') }} as company_as_domain,
        {#- An object without a name is no name. #}
        case when left(company_text, 1) <> '{' then company_text end as stated_company
    from read_out
),

checked as (
    select
        located.*,
        case
            when traits is not null and trait_values is null then 'bad_traits_json'
            when
                coalesce(
                    person_id, anonymous_id, previous_id, stated_email, stated_github_login, context_traits_email
                ) is null
                then 'missing_identifier'
        end as rejection_reason
    from located
)

select * from checked
{%- endmacro %}

{#-
    People in the staging shape. `website` of a person is theirs and no employer's; that of a group is the company's.
-#}
{% macro segment_contacts(system) -%}
with people as (
    select * from {{ ref('stg_' ~ system ~ '__people') }}
),

{#- The former id may have been a browser's or a user's: a row with it as both ties them together. #}
former_ids as (
    select
        people.*,
        previous_id as known_user_id,
        previous_id as known_anonymous_id
    from people
    where table_name = 'aliases' and previous_id is not null and person_id is not null
),

present_ids as (
    select
        people.*,
        person_id as known_user_id,
        coalesce(previous_id, anonymous_id) as known_anonymous_id
    from people
),

all_ids as (
    select * from present_ids
    union all
    select * from former_ids
),

shaped as (
    select
        '{{ system }}' as source_system,
        'default' as tenant_id,
        {#- The address of a group is the company's and nobody's own. #}
        lower(coalesce(
            case when table_name <> 'groups' then stated_email end,
            context_traits_email,
            {{ address_of('known_user_id') }}
        )) as email,
        case when table_name <> 'groups' then lower(stated_github_login) end as github_login,
        case when {{ address_of('known_user_id') }} is null then known_user_id end as user_id,
        known_anonymous_id as anonymous_id,
        case
            when table_name <> 'groups'
                then coalesce(
                    stated_name,
                    {{ clean_text("coalesce(stated_first_name, '') || ' ' || coalesce(stated_last_name, '')") }},
                    context_traits_name
                )
        end as full_name,
        case when table_name <> 'groups' then stated_title end as job_title,
        coalesce(
            group_domain,
            case
                when table_name <> 'groups'
                    then coalesce(
                        {{ domain_of('stated_company_domain') }}, {{ domain_of('stated_company_website') }},
                        company_as_domain, {{ domain_of('stated_domain') }}
                    )
            end
        ) as account_domain,
        case
            when table_name = 'groups'
                then case when stated_name <> group_id and {{ domain_of('stated_name') }} is null then stated_name end
            when company_as_domain is null then stated_company
        end as company_name,
        case when table_name <> 'groups' then {{ host_of('stated_website') }} end as website_domain,
        cast(null as {{ dbt.type_string() }}) as developer_tags,
        false as opted_out,
        case when {{ is_plausible('occurred_at') }} then cast(occurred_at as date) end as valid_from,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(segment_person_columns()) }} end as record,
        table_name
    from all_ids
)

select * from shaped
{%- endmacro %}
