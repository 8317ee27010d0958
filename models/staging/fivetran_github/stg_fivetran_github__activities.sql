{{ config(enabled='fivetran_github' in var('sources')) }}

{#-
    The tables that tell what somebody did. `moment` is when, `actor` GitHub's number of the person, `issue` the number
    that leads to the repository (GitHub keeps a pull request as an issue too, and the connector does so).
-#}
{%- set feeds = {
    'issue': {
        'columns': [
            'id', 'created_at', 'user_id', 'repository_id', 'number', 'pull_request', 'title', 'state', 'closed_at',
            'updated_at', '_fivetran_synced',
        ],
        'key': 'id', 'moment': 'created_at', 'actor': 'user_id', 'issue': 'id',
    },
    'issue_comment': {
        'columns': ['id', 'created_at', 'user_id', 'issue_id', 'updated_at', '_fivetran_synced'],
        'key': 'id', 'moment': 'created_at', 'actor': 'user_id', 'issue': 'issue_id',
    },
    'pull_request_review': {
        'columns': ['id', 'submitted_at', 'user_id', 'pull_request_id', 'state', 'commit_sha', '_fivetran_synced'],
        'key': 'id', 'moment': 'submitted_at', 'actor': 'user_id', 'pull_request': 'pull_request_id', 'state': 'state',
    },
    'issue_closed_history': {
        'columns': ['issue_id', 'updated_at', 'actor_id', 'closed', 'commit_sha', '_fivetran_synced'],
        'key': 'issue_id', 'moment': 'updated_at', 'actor': 'actor_id', 'issue': 'issue_id', 'state': 'closed',
    },
    'issue_merged': {
        'columns': ['issue_id', 'merged_at', 'actor_id', 'commit_sha', '_fivetran_synced'],
        'key': 'issue_id', 'moment': 'merged_at', 'actor': 'actor_id', 'issue': 'issue_id',
    },
    'commit': {
        'columns': [
            'sha', 'author_date', 'author_email', 'author_name', 'committer_date', 'committer_email', 'committer_name',
            'repository_id', '_fivetran_synced',
        ],
        'key': 'sha', 'moment': 'coalesce(author_date, committer_date)', 'address': 'author_email',
        'name': 'author_name', 'repository': 'repository_id',
    },
} -%}
{%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with
{%- for table, feed in feeds.items() %}
{{ table }}_read as (
    select
        {% for column in feed.columns %}
        {{ clean_text('source_' ~ table ~ '.' ~ column) }} as {{ column }},
        {% endfor %}
        '{{ table }}' as table_name
    from {{ source('fivetran_github', table) }} as source_{{ table }}
),

{{ table }}_dated as (
    select
        {{ table }}_read.*,
        {{ feed.moment }} as moment_text,
        {{ try_timestamp(feed.moment) }} as occurred_at
    from {{ table }}_read
),

{{ table }}_checked as (
    select
        {{ table }}_dated.*,
        case
            when {{ feed.key }} is null then 'missing_{{ feed.key }}'
            when moment_text is null then 'missing_{{ 'author_date' if table == 'commit' else feed.moment }}'
            when occurred_at is null then 'bad_{{ 'author_date' if table == 'commit' else feed.moment }}'
            {#- A commit bears what date its author's machine had: the rest happened on GitHub, which opened in 2008. #}
            when
                not {{ is_plausible('occurred_at') }}
                or occurred_at < cast('{{ '2000' if table == 'commit' else '2008' }}-01-01' as timestamp)
                then 'implausible_{{ 'author_date' if table == 'commit' else feed.moment }}'
        end as rejection_reason
    from {{ table }}_dated
),

{{ table }}_rows as (
    select
        table_name,
        {{ feed.key }} as event_key,
        occurred_at,
        {{ try_timestamp('_fivetran_synced') }} as synced_at,
        {{ feed.get('actor', nothing) }} as actor_id,
        {{ 'lower(' ~ feed.address ~ ')' if 'address' in feed else nothing }} as address,
        {{ feed.get('name', nothing) }} as actor_name,
        {{ feed.get('issue', nothing) }} as issue_id,
        {{ feed.get('pull_request', nothing) }} as pull_request_id,
        {{ feed.get('repository', nothing) }} as repository_id,
        lower({{ feed.get('state', nothing) }}) as state,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(feed.columns) }} end as record
    from {{ table }}_checked
),
{% endfor %}
-- Each thing once, whatever is delivered twice.
issues as (
    select
        id as issue_id,
        max(repository_id) as repository_id,
        max(number) as issue_number,
        max(lower(pull_request)) as is_pull_request
    from issue_read
    group by id
),

pull_requests as (
    select
        {{ clean_text('id') }} as pull_request_id,
        max({{ clean_text('issue_id') }}) as issue_id,
        max({{ clean_text('base_repo_id') }}) as repository_id
    from {{ source('fivetran_github', 'pull_request') }}
    group by {{ clean_text('id') }}
),

repositories as (
    select
        {{ clean_text('id') }} as repository_id,
        max({{ clean_text('full_name') }}) as full_name
    from {{ source('fivetran_github', 'repository') }}
    group by {{ clean_text('id') }}
),

people as (
    select
        {{ clean_text('id') }} as person_id,
        max({{ clean_text('login') }}) as login,
        max({{ clean_text('name') }}) as person_name,
        max(lower({{ clean_text('type') }})) as person_type
    from {{ source('fivetran_github', 'user') }}
    group by {{ clean_text('id') }}
),

-- An address that two people claim names neither.
addresses as (
    select
        lower({{ clean_text('email') }}) as address,
        max({{ clean_text('user_id') }}) as person_id
    from {{ source('fivetran_github', 'user_email') }}
    group by lower({{ clean_text('email') }})
    having count(distinct {{ clean_text('user_id') }}) = 1
),

merged_issues as (
    select distinct issue_id
    from issue_merged_read
),

-- Merging closes, and GitHub tells both: the last closing of a merged pull request is the merge itself.
merge_closings as (
    select
        issue_closed_history_rows.issue_id,
        max(issue_closed_history_rows.occurred_at) as occurred_at
    from issue_closed_history_rows
    inner join merged_issues on issue_closed_history_rows.issue_id = merged_issues.issue_id
    where issue_closed_history_rows.state in ('true', 't', '1')
    group by issue_closed_history_rows.issue_id
),

events as (
    {% for table in feeds %}
    select * from {{ table }}_rows
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

located as (
    select
        events.table_name,
        events.event_key,
        events.occurred_at,
        events.synced_at,
        events.address,
        events.actor_name,
        coalesce(events.actor_id, addresses.person_id) as actor_id,
        events.state,
        events.rejection_reason,
        events.record,
        coalesce(issues.issue_id, pull_requests.issue_id, events.issue_id) as issue_id,
        coalesce(
            events.repository_id, issues.repository_id, reviewed_issues.repository_id, pull_requests.repository_id
        ) as repository_id,
        coalesce(issues.issue_number, reviewed_issues.issue_number) as issue_number,
        coalesce(issues.is_pull_request, reviewed_issues.is_pull_request, '') in ('true', 't', '1') as is_pull_request,
        merge_closings.issue_id is not null as is_merge_closing
    from events
    left join issues on events.issue_id = issues.issue_id
    left join pull_requests on events.pull_request_id = pull_requests.pull_request_id
    left join issues as reviewed_issues on pull_requests.issue_id = reviewed_issues.issue_id
    left join addresses on events.address = addresses.address
    left join merge_closings
        on
            events.issue_id = merge_closings.issue_id
            and events.occurred_at = merge_closings.occurred_at
),

named as (
    select
        located.*,
        repositories.full_name,
        'https://github.com/' || repositories.full_name as repository_url,
        'https://github.com/' || repositories.full_name
        || case when located.is_pull_request then '/pull/' else '/issues/' end || located.issue_number as issue_url,
        people.login,
        people.person_type,
        replace(substring(cast(located.occurred_at as {{ dbt.type_string() }}), 1, 19), ' ', 'T') || 'Z'
            as occurred_second,
        coalesce(people.person_name, located.actor_name, people.login) as person_name,
        {{ gharchive_is_tracked("lower(coalesce(repositories.full_name, ''))") }} as is_tracked
    from located
    left join repositories on located.repository_id = repositories.repository_id
    left join people on located.actor_id = people.person_id
),

shaped as (
    select
        'fivetran_github' as source_system,
        'default' as tenant_id,
        {#- An issue may be closed and reopened often; elsewhere the number is the thing's own. #}
        case
            when table_name = 'issue_closed_history' then table_name || ':' || event_key || '@' || occurred_second
            else table_name || ':' || event_key
        end as activity_id,
        occurred_at,
        coalesce(synced_at, occurred_at) as loaded_at,
        case
            when table_name = 'issue' and is_pull_request then 'github_pull_request_opened'
            when table_name = 'issue' then 'github_issue_opened'
            when table_name = 'issue_comment' then 'github_issue_comment'       -- on a pull request as well
            when table_name = 'pull_request_review' then 'github_pull_request_review'
            when table_name = 'issue_merged' then 'github_pull_request_merged'
            when table_name = 'commit' then 'github_commit'
            when is_pull_request and state in ('true', 't', '1') then 'github_pull_request_closed'
            when is_pull_request then 'github_pull_request_updated'
            else 'github_issue_updated'
        end as activity_type,
        case when not {{ is_github_noreply('address') }} then {{ unhashed_nothing('address') }} end as email,
        case when not {{ is_github_noreply('address') }} then {{ email_domain('address') }} end as email_domain,
        coalesce(lower(login), {{ github_noreply_login('address') }}) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        {#- Whom the table of users does not have is still one person. #}
        case when login is null and actor_id is not null then 'github:' || actor_id end as anonymous_id,
        case when is_tracked then person_name end as display_name,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        case
            when not is_tracked or coalesce(full_name, '') not like '_%/_%' then null
            when table_name = 'commit' then repository_url || '/commit/' || event_key
            when issue_number is null then repository_url
            when table_name = 'issue_comment' then issue_url || '#issuecomment-' || event_key
            when table_name = 'pull_request_review' then issue_url || '#pullrequestreview-' || event_key
            else issue_url
        end as url,
        coalesce(person_type = 'bot' or lower(login) like '%[bot]', false) as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case
            when rejection_reason is not null then null
            when not is_tracked then 'untracked_repository'
            when table_name = 'issue_closed_history' and is_merge_closing then 'closed_by_merge'
        end as exclusion_reason,
        rejection_reason,
        record,
        table_name
    from named
)

select * from shaped
