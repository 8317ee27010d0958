{{ config(enabled='discourse' in var('sources')) }}

{%- set raw_columns = [
    'id', 'username', 'name', 'email', 'external_email', 'created_at', 'website', 'bio_raw', 'user_fields', 'admin',
    'moderator', 'active', 'staged', 'suspended_at', 'suspended_till',
] -%}
with users as (
    select
        {{ cleaned_columns(raw_columns, prefix='raw_') }}
    from {{ source('discourse', 'users') }} as raw
),

dated as (
    select
        users.*,
        coalesce(raw_website, '') || ' ' || coalesce(raw_bio_raw, '') || ' ' || coalesce(raw_user_fields, '')
            as profile_text,
        {{ try_timestamp("replace(raw_created_at, ' UTC', 'Z')") }} as joined_at
    from users
),

checked as (
    select
        dated.*,
        case when raw_id is null then 'missing_id' end as rejection_reason,
        case
            when raw_id is null then 'missing_id'
            when raw_created_at is null then 'missing_created_at'
            when joined_at is null then 'bad_created_at'
            when not {{ is_plausible('joined_at') }} then 'implausible_created_at'
        end as join_rejection
    from dated
),

people as (
    select
        raw_id as user_number,
        lower(raw_username) as username,
        coalesce(raw_name, raw_username) as full_name,
        {#- The forum's own users have no address, and who was made anonymous has one that is not. #}
        case
            when coalesce({{ address_of('raw_email') }}, {{ address_of('raw_external_email') }}) not like '%.invalid'
                then coalesce({{ address_of('raw_email') }}, {{ address_of('raw_external_email') }})
        end as email,
        {{ github_login_in('profile_text') }} as github_login,
        {{ own_website('raw_website') }} as website_domain,
        {{ is_community_staff({'admin': is_true('raw_admin'), 'moderator': is_true('raw_moderator')}) }} as is_staff,
        joined_at,
        case
            when {{ is_true('raw_staged') }} then 'staged_user'
            when not coalesce({{ try_boolean('raw_active') }}, true) then 'not_activated'
            when raw_suspended_at is not null or raw_suspended_till is not null then 'suspended_user'
        end as join_exclusion,
        join_rejection,
        rejection_reason,
        case when join_rejection is not null then {{ record_json(raw_columns, prefix='raw_') }} end as record
    from checked
)

select * from people
