with staged as (
    {{ union_staged('contacts') }}
),

run as (
    select * from {{ ref('int_run') }}
),

readable as (
    select
        staged.source_system,
        staged.tenant_id,
        staged.email,
        {{ email_domain('staged.email') }} as email_domain,
        staged.github_login,
        staged.user_id,
        staged.anonymous_id,
        staged.full_name,
        staged.job_title,
        staged.account_domain,
        staged.company_name,
        staged.website_domain,
        staged.developer_tags,
        staged.opted_out,
        {{ to_day('staged.valid_from') }} as valid_from_day,
        coalesce({{ to_day('staged.valid_from') }} <= run.as_of_day, true) as is_in_force
    from staged
    cross join run
    where staged.rejection_reason is null
)

select * from readable
