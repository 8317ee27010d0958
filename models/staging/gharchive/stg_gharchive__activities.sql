{{ config(enabled='gharchive' in var('sources')) }}

{#- Where things stand in the JSON columns, over all eras; one list each, so that a text is parsed once. -#}
{%- set raw_columns = [
    'id', 'type', 'actor', 'repo', 'org', 'payload', 'public', 'created_at', 'repository', 'actor_attributes', 'url',
] -%}
{%- set actor_paths = {'login': ['login']} -%}
{%- set repository_paths = {'name': ['name'], 'owner': ['owner'], 'owner_login': ['owner', 'login']} -%}
{%- set payload_paths = {
    'action': ['action'],
    'ref_type': ['ref_type'],
    'object': ['object'],
    'distinct_size': ['distinct_size'],
    'size': ['size'],
    'merged': ['pull_request', 'merged'],
    'merged_at': ['pull_request', 'merged_at'],
    'comment_url': ['comment', 'html_url'],
    'review_url': ['review', 'html_url'],
    'discussion_url': ['discussion', 'html_url'],
    'issue_url': ['issue', 'html_url'],
    'pull_request_url': ['pull_request', 'html_url'],
    'release_url': ['release', 'html_url'],
    'fork_url': ['forkee', 'html_url'],
    'page_url': ['pages', 0, 'html_url'],
    'comment_user_type': ['comment', 'user', 'type'],
    'review_user_type': ['review', 'user', 'type'],
    'issue_user_type': ['issue', 'user', 'type'],
    'pull_request_user_type': ['pull_request', 'user', 'type'],
    'release_user_type': ['release', 'author', 'type'],
} -%}
with events as (
    select * from {{ source('gharchive', 'events') }}
),

bot_users as (
    select distinct lower({{ clean_text('login') }}) as bot_login
    from {{ source('gharchive', 'users') }}
    where lower({{ clean_text('type') }}) = 'bot'
),

parsed as (
    select
        events.*,
        {{ clean_text('id') }} as event_id,
        {{ clean_text('type') }} as event_type,
        {{ clean_text('created_at') }} as created_text,
        {#- Until 2014 the actor was a bare login and the repository stood in a column of another name. #}
        {{ json_values("case when left(actor, 1) = '{' then actor end", actor_paths) }} as actor_values,
        {{ json_values("coalesce(nullif(repo, ''), nullif(repository, ''))", repository_paths) }} as repository_values,
        {{ json_values("nullif(payload, '')", payload_paths) }} as payload_values
    from events
),

dated as (
    select
        parsed.*,
        {#- 2012/03/10 22:00:04 -0800 is ISO 8601 with other separators. #}
        {{ try_timestamp("case
            when created_text like '____/__/__ __:__:__ _____'
                then replace(substring(created_text, 1, 10), '/', '-') || 'T' || substring(created_text, 12, 8)
                    || substring(created_text, 21, 3) || ':' || substring(created_text, 24, 2)
            else created_text
        end") }} as occurred_at
    from parsed
),

named as (
    select
        dated.*,
        {#- Quotes are left of a bare login that came as a JSON text. #}
        case
            when left(actor, 1) = '{' then {{ clean_text(json_value('actor_values', actor_paths, 'login')) }}
            else {{ clean_text("replace(actor, '\"', '')") }}
        end as login,
        {{ json_value('repository_values', repository_paths, 'name') }} as repository_name,
        nullif(coalesce(
            {{ json_value('repository_values', repository_paths, 'owner_login') }},
            {{ json_value('repository_values', repository_paths, 'owner') }}
        ), '') as repository_owner,
        {% for name in payload_paths %}
        {{ json_value('payload_values', payload_paths, name) }} as payload_{{ name }},
        {% endfor %}
        case
            when occurred_at is not null
                then replace(substring(cast(occurred_at as {{ dbt.type_string() }}), 1, 19), ' ', 'T') || 'Z'
        end as occurred_second
    from dated
),

read_out as (
    select
        named.*,
        lower(login) as github_login,
        {#- A few events of 2011 (gists, follows) name the repository `/`. #}
        coalesce(repository_owner || '/', '') || coalesce(nullif(repository_name, '/'), '') as full_name,
        lower(payload_action) as action,
        coalesce(lower(payload_action), 'created') in ('created', 'submitted') as is_made,
        coalesce(payload_ref_type, payload_object) as ref_type,
        {#- Pull requests lost `merged` in October 2025; from then on the action says it. #}
        coalesce(payload_merged = 'true', payload_merged_at is not null) as is_merged,
        {#- The page of what was made; a comment before the issue it is on; `url` until 2014. #}
        coalesce(
            payload_comment_url, payload_review_url, payload_discussion_url, payload_issue_url,
            payload_pull_request_url, payload_release_url, payload_fork_url, payload_page_url, url
        ) as page_url,
        {#- User, Bot or Organization, where the payload shows the actor as the author of what was made. #}
        case
            when event_type in ('IssueCommentEvent', 'CommitCommentEvent', 'PullRequestReviewCommentEvent')
                then payload_comment_user_type
            when event_type = 'PullRequestReviewEvent' then payload_review_user_type
            when event_type = 'ReleaseEvent' then payload_release_user_type
            when event_type = 'IssuesEvent' and payload_action = 'opened' then payload_issue_user_type
            when event_type = 'PullRequestEvent' and payload_action = 'opened' then payload_pull_request_user_type
        end as actor_type
    from named
),

checked as (
    select
        read_out.*,
        {{ gharchive_activity_type() }} as activity_type,
        {{ gharchive_is_tracked('lower(full_name)') }} as is_tracked,
        case
            when created_text is null then 'missing_created_at'
            when occurred_at is null then 'bad_created_at'
            when occurred_at < cast('2008-01-01' as timestamp) or not {{ is_plausible('occurred_at') }}
                then 'implausible_created_at'       -- GitHub opened in 2008
            when event_type is null then 'missing_type'
            when left(actor, 1) = '{' and actor_values is null then 'bad_actor_json'
            when coalesce(nullif(repo, ''), nullif(repository, '')) is not null and repository_values is null
                then 'bad_repository_json'
            when nullif(payload, '') is not null and payload_values is null then 'bad_payload_json'
            when login is null then 'missing_actor'
        end as rejection_reason
    from read_out
),

-- An address only lends its domain: the person's own (until 2014), else that of the only author of a push.
addressed as (
    select
        checked.*,
        case
            when is_tracked
                then coalesce(
                    lower({{ clean_text(json_text('actor_attributes', ['email'])) }}),
                    case
                        when event_type = 'PushEvent'
                            then coalesce(
                                {{ json_only_text('payload', ['commits'], ['author', 'email']) }},
                                {{ json_only_text('payload', ['shas'], [1]) }}
                            )
                    end
                )
        end as address
    from checked
),

counted as (
    select
        addressed.*,
        case
            when event_type = 'PushEvent'
                then coalesce(
                    {{ try_whole_number('payload_distinct_size') }},
                    {{ try_whole_number('payload_size') }},
                    {{ json_array_size('payload', ['commits']) }},
                    {{ json_array_size('payload', ['shas']) }}
                )
            when event_type = 'GollumEvent' then {{ json_array_size('payload', ['pages']) }}
        end as things_done
    from addressed
),

flagged as (
    select
        counted.*,
        coalesce(
            bot_users.bot_login is not null or counted.actor_type = 'Bot' or counted.github_login like '%[bot]', false
        ) as is_bot
    from counted
    left join bot_users on counted.github_login = bot_users.bot_login
),

shaped as (
    select
        'gharchive' as source_system,
        'default' as tenant_id,
        {#- An id alone may come again in another era; the oldest events have none. #}
        case
            when event_id is not null then event_id || '@' || coalesce(occurred_second, '')
            else md5(
                coalesce(created_text, '') || '|' || coalesce(event_type, '') || '|' || coalesce(actor, '') || '|'
                || lower(full_name) || '|' || coalesce(url, '') || '|' || coalesce(payload, '')
            )
        end as activity_id,
        occurred_at,
        occurred_at as loaded_at,       -- the archive does not say when a record was delivered
        activity_type,
        cast(null as {{ dbt.type_string() }}) as email,
        case
            when
                address not like '%noreply%'
                and address not like '%no-reply%'
                and address not like '%[bot]%'
                and address not like 'bot@%'
                and address not like '%-bot@%'
                and address not in ('action@github.com', 'actions@github.com', 'cursoragent@cursor.com')
                then {{ email_domain('address') }}
        end as email_domain,
        github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        case
            when is_tracked then coalesce({{ clean_text(json_text('actor_attributes', ['name'])) }}, login)
        end as display_name,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        case
            when not is_tracked then null
            when page_url like 'https://%' or page_url like 'http://%' then page_url
            when full_name like '_%/_%' then 'https://github.com/' || full_name
        end as url,
        is_bot,
        {#- A push without new commits, or without their number (since October 2025), is one activity. #}
        greatest(coalesce(things_done, 1), 1) as activity_count,
        case when rejection_reason is null and not is_tracked then 'untracked_repository' end as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'events' as table_name
    from flagged
)

select * from shaped
