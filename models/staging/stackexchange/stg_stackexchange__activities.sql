{{ config(enabled='stackexchange' in var('sources')) }}

{%- set columns = {
    'Posts': [
        'id', 'creationdate', 'posttypeid', 'acceptedanswerid', 'deletiondate', 'owneruserid', 'ownerdisplayname', 'site',
    ],
    'Comments': ['id', 'creationdate', 'postid', 'userid', 'userdisplayname', 'site'],
} -%}
with
{%- for table, names in columns.items() %}
{{ table | lower }}_read as (
    select
        {{ cleaned_columns(names, prefix='raw_') }}
    from {{ source('stackexchange', table) }} as raw
),

{{ table | lower }}_dated as (
    select
        {{ table | lower }}_read.*,
        coalesce(lower(raw_site) || ':', '') as site_prefix,
        {{ try_timestamp('raw_creationdate') }} as occurred_at
    from {{ table | lower }}_read
),

{{ table | lower }}_checked as (
    select
        {{ table | lower }}_dated.*,
        case
            when raw_id is null then 'missing_id'
            when raw_creationdate is null then 'missing_creation_date'
            when occurred_at is null then 'bad_creation_date'
            when not {{ is_plausible('occurred_at') }} then 'implausible_creation_date'
            {%- if table == 'Posts' %}
            when raw_posttypeid is null then 'missing_post_type_id'
            when {{ try_whole_number('raw_posttypeid') }} is null then 'bad_post_type_id'
            {%- endif %}
        end as rejection_reason
    from {{ table | lower }}_dated
),

{{ table | lower }}_recorded as (
    select
        {{ table | lower }}_checked.*,
        case when rejection_reason is not null then {{ record_json(names, prefix='raw_') }} end as record
    from {{ table | lower }}_checked
),
{% endfor %}
accepted_answers as (
    select distinct
        site_prefix,
        raw_acceptedanswerid as post_id
    from posts_dated
    where raw_acceptedanswerid is not null
),

posts as (
    select
        'Posts' as table_name,
        'post:' || posts_recorded.site_prefix || posts_recorded.raw_id as activity_id,
        posts_recorded.occurred_at,
        case
            when posts_recorded.raw_posttypeid = '1' then 'community_question'
            when accepted_answers.post_id is not null then 'community_answer_accepted'
            else 'community_answer'
        end as activity_type,
        posts_recorded.site_prefix,
        posts_recorded.raw_owneruserid as user_number,
        posts_recorded.raw_ownerdisplayname as display_name,
        '/q/' || posts_recorded.raw_id as page,
        case
            when posts_recorded.raw_deletiondate is not null then 'deleted'
            when posts_recorded.raw_posttypeid not in ('1', '2') then 'not_a_question_or_answer'
        end as exclusion_reason,
        posts_recorded.rejection_reason,
        posts_recorded.record
    from posts_recorded
    left join accepted_answers
        on
            posts_recorded.site_prefix = accepted_answers.site_prefix
            and posts_recorded.raw_id = accepted_answers.post_id
),

comments as (
    select
        'Comments' as table_name,
        'comment:' || site_prefix || raw_id as activity_id,
        occurred_at,
        'community_reply' as activity_type,
        site_prefix,
        raw_userid as user_number,
        raw_userdisplayname as display_name,
        '/q/' || raw_postid || '#comment' || raw_id || '_' || raw_postid as page,
        cast(null as {{ dbt.type_string() }}) as exclusion_reason,
        rejection_reason,
        record
    from comments_recorded
),

acts as (
    select * from posts
    union all
    select * from comments
),

shaped as (
    select
        'stackexchange' as source_system,
        'default' as tenant_id,
        activity_id,
        occurred_at,
        occurred_at as loaded_at,       -- a dump does not say when it was delivered
        activity_type,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as email_domain,
        cast(null as {{ dbt.type_string() }}) as github_login,
        cast(null as {{ dbt.type_string() }}) as user_id,
        'stackexchange:' || site_prefix || user_number as anonymous_id,
        display_name,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        case when site_prefix like '%_._%:' then 'https://' || replace(site_prefix, ':', '') || page end as url,
        coalesce(user_number like '-%', false) as is_bot,
        cast(1 as {{ dbt.type_bigint() }}) as activity_count,
        case
            when rejection_reason is not null then null
            when exclusion_reason is not null then exclusion_reason
            when user_number is null then 'deleted_user'
        end as exclusion_reason,
        rejection_reason,
        record,
        table_name
    from acts
)

select * from shaped
