{{ config(enabled='discourse' in var('sources')) }}

{%- set columns = {
    'topics': ['id', 'created_at', 'user_id', 'details', 'posters', 'archetype', 'visible', 'deleted_at'],
    'posts': [
        'id', 'created_at', 'topic_id', 'post_number', 'user_id', 'username', 'name', 'post_type', 'accepted_answer',
        'hidden', 'deleted_at', 'user_deleted', 'staff', 'admin', 'moderator',
    ],
    'post_actions': [
        'post_id', 'created_at', 'post_action_type_id', 'action_type', 'user_id', 'acting_user_id', 'deleted_at',
    ],
} -%}
{%- set creator_paths = {'creator': ['created_by', 'id']} -%}
{%- set poster_paths = {'poster': [0, 'user_id'], 'suggested': [0, 'user', 'id']} -%}
{%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with
{%- for table, names in columns.items() %}
{{ table }}_read as (
    select
        {{ cleaned_columns(names, prefix='raw_') }}
    from {{ source('discourse', table) }} as raw
),

{{ table }}_dated as (
    select
        {{ table }}_read.*,
        {{ try_timestamp("replace(raw_created_at, ' UTC', 'Z')") }} as occurred_at
    from {{ table }}_read
),

{{ table }}_checked as (
    select
        {{ table }}_dated.*,
        case
            when raw_{{ names[0] }} is null then 'missing_{{ names[0] }}'
            when raw_created_at is null then 'missing_created_at'
            when occurred_at is null then 'bad_created_at'
            when not {{ is_plausible('occurred_at') }} then 'implausible_created_at'
        end as rejection_reason
    from {{ table }}_dated
),

{{ table }}_recorded as (
    select
        {{ table }}_checked.*,
        case when rejection_reason is not null then {{ record_json(names, prefix='raw_') }} end as record
    from {{ table }}_checked
),
{% endfor %}
topics_parsed as (
    select
        topics_recorded.*,
        {{ json_values('raw_details', creator_paths) }} as details_values,
        {{ json_values('raw_posters', poster_paths) }} as posters_values
    from topics_recorded
),

topic_acts as (
    select
        'topics' as table_name,
        'topic:' || raw_id as activity_id,
        occurred_at,
        'community_topic' as activity_type,
        coalesce(
            raw_user_id,
            {{ json_value('details_values', creator_paths, 'creator') }},
            {{ json_value('posters_values', poster_paths, 'poster') }},
            {{ json_value('posters_values', poster_paths, 'suggested') }}
        ) as user_number,
        {{ nothing }} as username,
        {{ nothing }} as full_name,
        false as is_staff,
        raw_id as topic_id,
        '/t/' || raw_id as page,
        case
            when raw_deleted_at is not null then 'deleted'
            when lower(raw_archetype) = 'private_message' then 'private_message'
            when not coalesce({{ try_boolean('raw_visible') }}, true) then 'hidden'
        end as exclusion_reason,
        rejection_reason,
        record
    from topics_parsed
),

post_acts as (
    select
        'posts' as table_name,
        {#- Opening a topic is one act, told by the topic and by its first post. #}
        case when raw_post_number = '1' then 'topic:' || raw_topic_id else 'post:' || raw_id end as activity_id,
        occurred_at,
        case
            when raw_post_number = '1' then 'community_topic'
            when {{ is_true('raw_accepted_answer') }} then 'community_answer_accepted'
            else 'community_reply'
        end as activity_type,
        raw_user_id as user_number,
        raw_username as username,
        raw_name as full_name,
        {#- Some posts say only that their author is one or the other. #}
        {{ is_community_staff({
            'admin': is_true('raw_admin')
                ~ ' or coalesce(raw_admin, raw_moderator) is null and ' ~ is_true('raw_staff'),
            'moderator': is_true('raw_moderator') ~ ' or raw_moderator is null and ' ~ is_true('raw_staff'),
        }) }} as is_staff,
        raw_topic_id as topic_id,
        case when raw_post_number = '1' then '/t/' || raw_topic_id else '/p/' || raw_id end as page,
        case
            when raw_deleted_at is not null or {{ is_true('raw_user_deleted') }} then 'deleted'
            when raw_post_type in ('2', '3') then 'system_message'
            when raw_post_type = '4' then 'whisper'
            when {{ is_true('raw_hidden') }} then 'hidden'
        end as exclusion_reason,
        rejection_reason,
        record
    from posts_recorded
),

like_acts as (
    select
        'post_actions' as table_name,
        'like:' || raw_post_id || ':' || coalesce(raw_acting_user_id, raw_user_id, '') as activity_id,
        occurred_at,
        'community_reaction' as activity_type,
        coalesce(raw_acting_user_id, raw_user_id) as user_number,
        {{ nothing }} as username,
        {{ nothing }} as full_name,
        false as is_staff,
        {{ nothing }} as topic_id,
        '/p/' || raw_post_id as page,
        case
            when raw_deleted_at is not null then 'deleted'
            when not coalesce(raw_post_action_type_id = '2' or raw_action_type in ('1', '2'), false) then 'not_a_like'
        end as exclusion_reason,
        rejection_reason,
        record
    from post_actions_recorded
),

joining_acts as (
    select
        'users' as table_name,
        'user:' || user_number as activity_id,
        joined_at as occurred_at,
        'community_joined' as activity_type,
        user_number,
        username,
        full_name,
        is_staff,
        {{ nothing }} as topic_id,
        '/u/' || username as page,
        join_exclusion as exclusion_reason,
        join_rejection as rejection_reason,
        record
    from {{ ref('stg_discourse__people') }}
),

acts as (
    select * from topic_acts
    union all
    select * from post_acts
    union all
    select * from like_acts
    union all
    select * from joining_acts
),

-- A user with what any record says of them: topics and likes name only a number, some posts only a name.
authors as (
    select
        user_number,
        coalesce(max(full_name), max(username)) as full_name,
        max(case when is_staff then 1 else 0 end) as is_staff
    from acts
    group by user_number
),

usernames as (
    select
        lower(username) as username,
        max(user_number) as user_number
    from acts
    group by lower(username)
    having count(distinct user_number) = 1
),

numbered as (
    select
        acts.*,
        coalesce(acts.user_number, usernames.user_number, '@' || lower(acts.username)) as author
    from acts
    left join usernames on lower(acts.username) = usernames.username
),

-- What holds for all of a topic: the topic says so itself, or its opening is gone, and the topic with it.
topic_kinds as (
    select
        topic_id,
        max(case when exclusion_reason = 'private_message' then 1 else 0 end) as is_private,
        max(case when exclusion_reason = 'deleted' then 1 else 0 end) as is_deleted
    from acts
    where activity_type = 'community_topic'
    group by topic_id
),

known as (
    select
        numbered.*,
        coalesce(numbered.full_name, authors.full_name, numbered.username) as author_name,
        coalesce(numbered.is_staff or authors.is_staff = 1, numbered.is_staff) as is_author_staff,
        coalesce(numbered.author like '-%' or lower(numbered.username) in ('system', 'discobot'), false) as is_bot,
        coalesce(topic_kinds.is_private, 0) = 1 as is_private,
        coalesce(topic_kinds.is_deleted, 0) = 1 as is_deleted
    from numbered
    left join authors on numbered.author = authors.user_number
    left join topic_kinds on numbered.topic_id = topic_kinds.topic_id
),

shaped as (
    select
        'discourse' as source_system,
        'default' as tenant_id,
        activity_id,
        occurred_at,
        occurred_at as loaded_at,       -- the forum does not say when a record was delivered
        activity_type,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        'discourse:' || author as anonymous_id,
        author_name as display_name,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        nullif('{{ var('discourse_url').rstrip('/') }}', '') || page as url,
        is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case
            when rejection_reason is not null then null
            when exclusion_reason is not null then exclusion_reason
            when is_deleted then 'deleted'
            when is_private then 'private_message'
            when author is null then 'deleted_user'
            when is_author_staff and not is_bot then 'staff'
        end as exclusion_reason,
        rejection_reason,
        record,
        table_name
    from known
)

select * from shaped
