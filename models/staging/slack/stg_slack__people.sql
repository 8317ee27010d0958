{{ config(enabled='slack' in var('sources')) }}

{%- set raw_columns = [
    'id', 'userid', 'name', 'username', 'real_name', 'fullname', 'displayname', 'email', 'profile', 'is_bot',
    'is_workflow_bot', 'is_admin', 'is_owner', 'status',
] -%}
{%- set profile_paths = {
    'email': ['email'], 'title': ['title'], 'real_name': ['real_name'], 'display_name': ['display_name'],
} -%}
with members as (
    select
        {{ cleaned_columns(raw_columns, prefix='raw_') }}
    from {{ source('slack', 'members') }} as raw
),

parsed as (
    select
        members.*,
        {{ json_values('raw_profile', profile_paths) }} as profile_values,
        coalesce(raw_id, raw_userid) as member_id,
        case when coalesce(raw_id, raw_userid) is null then 'missing_id' end as rejection_reason
    from members
),

people as (
    select
        member_id,
        {{ address_of('coalesce(raw_email, ' ~ json_value('profile_values', profile_paths, 'email') ~ ')') }} as email,
        {{ github_login_in('raw_profile') }} as github_login,
        coalesce(
            raw_real_name,
            {{ clean_text(json_value('profile_values', profile_paths, 'real_name')) }},
            raw_fullname,
            {{ clean_text(json_value('profile_values', profile_paths, 'display_name')) }},
            raw_displayname,
            raw_name,
            raw_username
        ) as full_name,
        {{ clean_text(json_value('profile_values', profile_paths, 'title')) }} as job_title,
        coalesce(
            {{ is_true('raw_is_bot') }} or {{ is_true('raw_is_workflow_bot') }} or lower(raw_status) = 'bot'
            or member_id = 'USLACKBOT',
            false
        ) as is_bot,
        {{ is_community_staff({
            'admin': is_true('raw_is_admin') ~ " or lower(raw_status) = 'admin'",
            'owner': is_true('raw_is_owner') ~ " or lower(raw_status) in ('owner', 'primary owner')",
        }) }} as is_staff,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns, prefix='raw_') }} end as record
    from parsed
)

select * from people
