{#- Rejected records are published, and so hold no address of the internet protocol. -#}
{%- set raw_columns = [
    'activity_id', 'occurred_at', 'activity_type', 'tenant_id', 'email', 'github_login', 'user_id', 'anonymous_id',
    'display_name', 'account_domain', 'url', 'is_bot', 'count', 'loaded_at',
] %}
with source as (
    select * from {{ source('generic', 'activities') }}
),

cleaned as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source.' ~ column) }} as raw_{{ column }},
        {% endfor %}
        {{ clean_text('source.ip_address') }} as ip_address,
        'generic' as source_system
    from source
),

lowered as (
    select
        cleaned.*,
        lower(raw_email) as lower_email
    from cleaned
),

typed as (
    select
        lowered.*,
        coalesce(raw_tenant_id, 'default') as tenant_id,
        raw_activity_id as activity_id,
        {{ try_timestamp('raw_occurred_at') }} as occurred_at,
        {{ try_timestamp('raw_loaded_at') }} as loaded_at,
        lower(raw_activity_type) as activity_type,
        case when not {{ is_github_noreply('lower_email') }} then lower_email end as email,
        coalesce(lower(raw_github_login), {{ github_noreply_login('lower_email') }}) as github_login,
        raw_user_id as user_id,
        raw_anonymous_id as anonymous_id,
        raw_display_name as display_name,
        {{ host_of('raw_account_domain') }} as account_domain,
        raw_url as url,
        {{ try_boolean('raw_is_bot') }} as is_bot,
        {{ try_whole_number('raw_count') }} as activity_count
    from lowered
),

checked as (
    select
        typed.*,
        case
            when activity_id is null then 'missing_activity_id'
            when raw_occurred_at is null then 'missing_occurred_at'
            when occurred_at is null then 'bad_occurred_at'
            when not {{ is_plausible('occurred_at') }} then 'implausible_occurred_at'
            when activity_type is null then 'missing_activity_type'
            when raw_loaded_at is not null and loaded_at is null then 'bad_loaded_at'
            when raw_is_bot is not null and is_bot is null then 'bad_is_bot'
            when raw_count is not null and coalesce(activity_count, 0) < 1 then 'bad_count'
        end as rejection_reason
    from typed
),

shaped as (
    select
        source_system,
        tenant_id,
        activity_id,
        occurred_at,
        coalesce(loaded_at, occurred_at) as loaded_at,
        activity_type,
        email,
        {{ email_domain('email') }} as email_domain,
        github_login,
        user_id,
        anonymous_id,
        display_name,
        account_domain,
        url,
        coalesce(is_bot, false) as is_bot,
        coalesce(activity_count, 1) as activity_count,
        cast(null as {{ dbt.type_string() }}) as exclusion_reason,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns, prefix='raw_') }} end as record,
        'activities' as table_name,
        ip_address
    from checked
)

select * from shaped
