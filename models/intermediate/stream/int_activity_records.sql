{#-
    The one place where the raw feed is read. A repeated (tenant, system, id) keeps the record that was loaded first;
    only repeated ids are ranked, since a sort of the whole feed would cost more than all the rest of this model.
-#}
with staged as (
    {{ union_staged('activities') }}
),

repeated_ids as (
    select
        tenant_id,
        source_system,
        activity_id
    from staged
    where rejection_reason is null
    group by tenant_id, source_system, activity_id
    having count(*) > 1
),

repeated_records as (
    select
        staged.*,
        row_number() over (
            partition by staged.tenant_id, staged.source_system, staged.activity_id
            order by
                staged.loaded_at,
                {#- Among records loaded at once, the smallest record text. #}
                concat_ws(
                    ',', cast(staged.occurred_at as {{ dbt.type_string() }}), staged.activity_type,
                    coalesce(staged.email, ''), coalesce(staged.github_login, ''), coalesce(staged.user_id, ''),
                    coalesce(staged.anonymous_id, ''), coalesce(staged.display_name, ''),
                    coalesce(staged.account_domain, ''), coalesce(staged.url, ''),
                    case when staged.is_bot then 'true' else 'false' end,
                    cast(staged.activity_count as {{ dbt.type_string() }})
                )
        ) as arrival
    from staged
    inner join repeated_ids
        on
            staged.tenant_id = repeated_ids.tenant_id
            and staged.source_system = repeated_ids.source_system
            and staged.activity_id = repeated_ids.activity_id
    where staged.rejection_reason is null
),

single_records as (
    select
        staged.*,
        1 as arrival
    from staged
    left join repeated_ids
        on
            staged.tenant_id = repeated_ids.tenant_id
            and staged.source_system = repeated_ids.source_system
            and staged.activity_id = repeated_ids.activity_id
    where repeated_ids.activity_id is null or staged.rejection_reason is not null
),

records as (
    select * from repeated_records
    union all
    select * from single_records
),

dated as (
    select
        source_system,
        tenant_id,
        activity_id,
        occurred_at,
        {{ to_day('occurred_at') }} as activity_day,
        loaded_at,
        activity_type,
        email,
        email_domain,
        github_login,
        user_id,
        anonymous_id,
        display_name,
        account_domain,
        url,
        is_bot,
        activity_count,
        case when arrival > 1 then 'duplicate' else exclusion_reason end as exclusion_reason,
        rejection_reason,
        record,
        table_name,
        account_domain_confidence
    from records
)

select * from dated
