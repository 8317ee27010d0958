{{ config(materialized='view') }}

{#- A repeated (tenant, system, id) keeps the record that was loaded first; the others are duplicates. -#}
with repeated as (
    select * from {{ ref('int_repeated_records') }}
),

ranked as (
    select
        repeated.*,
        row_number() over (
            partition by tenant_id, source_system, activity_id
            order by
                loaded_at,
                {#- Among records loaded at once, the smallest record text. #}
                concat_ws(
                    ',', cast(occurred_at as {{ dbt.type_string() }}), activity_type, coalesce(email, ''),
                    coalesce(github_login, ''), coalesce(user_id, ''), coalesce(anonymous_id, ''),
                    coalesce(display_name, ''), coalesce(account_domain, ''), coalesce(url, ''),
                    case when is_bot then 'true' else 'false' end, cast(activity_count as {{ dbt.type_string() }})
                )
        ) as arrival
    from repeated
),

judged as (
    select
        ranked.source_system,
        ranked.tenant_id,
        ranked.activity_id,
        ranked.occurred_at,
        ranked.activity_day,
        ranked.loaded_at,
        ranked.activity_type,
        ranked.email,
        ranked.email_domain,
        ranked.github_login,
        ranked.user_id,
        ranked.anonymous_id,
        ranked.display_name,
        ranked.account_domain,
        ranked.url,
        ranked.is_bot,
        ranked.activity_count,
        case when ranked.arrival > 1 then 'duplicate' else ranked.staged_exclusion_reason end as exclusion_reason,
        ranked.rejection_reason,
        ranked.record,
        ranked.table_name,
        ranked.account_domain_confidence,
        ranked.unmatched_name,
        ranked.ip_address,
        ranked.staged_exclusion_reason,
        ranked.written_at
    from ranked
)

select * from judged
