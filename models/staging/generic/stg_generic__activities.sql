{%- set raw_columns = [
    'activity_id', 'occurred_at', 'activity_type', 'tenant_id', 'email', 'github_login', 'user_id', 'anonymous_id',
    'display_name', 'account_domain', 'url', 'is_bot', 'count', 'loaded_at',
] %}
with source as (
    select * from {{ source('generic', 'activities') }}
),

renamed as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source.' ~ column) }} as {{ 'activity_count' if column == 'count' else column }},
        {% endfor %}
        'generic' as source_system
    from source
),

typed as (
    select
        source_system,
        coalesce(tenant_id, 'default') as tenant_id,
        activity_id,
        {{ try_timestamp('occurred_at') }} as occurred_at,
        occurred_at as raw_occurred_at,
        {{ try_timestamp('loaded_at') }} as loaded_at,
        loaded_at as raw_loaded_at,
        lower(activity_type) as activity_type,
        case when not {{ is_github_noreply('lower(email)') }} then lower(email) end as email,
        coalesce(lower(github_login), {{ github_noreply_login('lower(email)') }}) as github_login,
        user_id,
        anonymous_id,
        display_name,
        {{ host_of('account_domain') }} as account_domain,
        url,
        {{ try_boolean('is_bot') }} as is_bot,
        is_bot as raw_is_bot,
        {{ try_number('activity_count', dbt.type_bigint()) }} as activity_count,
        activity_count as raw_activity_count
    from renamed
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
            when raw_activity_count is not null and coalesce(activity_count, 0) < 1 then 'bad_count'
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
        {#- What was read, as it came in: the columns whose text was normalised are shown raw. #}
        case
            when rejection_reason is not null
                then {{ record_json([
                    'activity_id', 'raw_occurred_at', 'activity_type', 'tenant_id', 'email', 'github_login', 'user_id',
                    'anonymous_id', 'account_domain', 'url', 'raw_is_bot', 'raw_activity_count', 'raw_loaded_at',
                ]) }}
        end as record
    from checked
)

select * from shaped
