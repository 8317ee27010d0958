{{ config(enabled='slack' in var('sources')) }}

{%- set raw_columns = [
    'ts', 'channel', 'user', 'subtype', 'thread_ts', 'bot_id', 'bot_profile', 'username', 'hidden', 'comment',
    'user_profile', 'user_data', 'channel_info',
] -%}
{%- set user_paths = {'id': ['id'], 'email': ['profile', 'email'], 'name': ['real_name']} -%}
{%- set profile_paths = {'real_name': ['real_name'], 'display_name': ['display_name']} -%}
with history as (
    select
        {{ cleaned_columns(raw_columns, prefix='raw_') }}
    from {{ source('slack', 'history') }} as raw
),

-- Each member once, whatever is delivered twice.
people as (
    select
        member_id,
        max(full_name) as full_name,
        max(case when is_bot then 1 else 0 end) as is_bot,
        max(case when is_staff then 1 else 0 end) as is_staff
    from {{ ref('stg_slack__people') }}
    group by member_id
),

parsed as (
    select
        history.*,
        {{ json_values('raw_user_data', user_paths) }} as user_values,
        {{ json_values('raw_user_profile', profile_paths) }} as profile_values,
        {{ json_text('raw_comment', ['user']) }} as comment_author,
        coalesce(raw_channel, {{ json_text('raw_channel_info', ['id']) }}) as channel,
        coalesce(lower(raw_subtype), 'written') as kind,
        {#- A spreadsheet turns 1427135890.000071 into 1.43E+09: that is no time, and names no message. #}
        case
            when {{ regex_matches('raw_ts', "'^[0-9]{9,10}([.][0-9]*)?$'") }}
                then {{ try_epoch_or_timestamp('raw_ts') }}
        end as occurred_at
    from history
),

checked as (
    select
        parsed.*,
        coalesce(raw_user, comment_author, {{ json_value('user_values', user_paths, 'id') }}, raw_bot_id) as author,
        {{ address_of(json_value('user_values', user_paths, 'email')) }} as email,
        coalesce(
            {{ clean_text(json_value('user_values', user_paths, 'name')) }},
            {{ clean_text(json_value('profile_values', profile_paths, 'real_name')) }},
            {{ clean_text(json_value('profile_values', profile_paths, 'display_name')) }},
            raw_username
        ) as author_name,
        case
            when raw_ts is null then 'missing_ts'
            when occurred_at is null then 'bad_ts'
            when not {{ is_plausible('occurred_at') }} then 'implausible_ts'
        end as rejection_reason
    from parsed
),

known as (
    select
        checked.*,
        coalesce(people.full_name, checked.author_name) as display_name,
        coalesce(people.is_staff, 0) = 1 as is_staff,
        coalesce(people.is_bot, 0) = 1
        or checked.kind in ('bot_message', 'slackbot_response')
        or checked.raw_bot_id is not null
        or checked.raw_bot_profile is not null
        or coalesce(checked.author, '') = 'USLACKBOT' as is_bot
    from checked
    left join people on checked.author = people.member_id
),

shaped as (
    select
        'slack' as source_system,
        'default' as tenant_id,
        coalesce(channel || ':', '') || raw_ts as activity_id,
        occurred_at,
        occurred_at as loaded_at,       -- Slack does not say when a record was delivered
        case
            when kind in ('channel_join', 'group_join') then 'community_joined'
            when kind in ('thread_broadcast', 'reply_broadcast', 'file_comment') then 'community_reply'
            when raw_thread_ts <> raw_ts then 'community_reply'
            else 'community_message'
        end as activity_type,
        email,
        {{ email_domain('email') }} as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        'slack:' || author as anonymous_id,
        display_name,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as url,
        is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case
            when rejection_reason is not null then null
            when kind in ('message_deleted', 'tombstone') then 'deleted'
            when kind = 'message_changed' then 'edited'
            when {{ is_true('raw_hidden') }} then 'hidden'
            {#- Somebody left, set a topic, pinned a message, ...: what the workspace writes about itself. #}
            when
                kind not in (
                    'written', 'me_message', 'file_share', 'file_mention', 'file_comment', 'thread_broadcast',
                    'reply_broadcast', 'channel_join', 'group_join', 'bot_message', 'slackbot_response'
                )
                then 'system_message'
            when author is null then 'no_author'
            when is_staff and not is_bot then 'staff'
        end as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns, prefix='raw_') }} end as record,
        'history' as table_name
    from known
)

select * from shaped
