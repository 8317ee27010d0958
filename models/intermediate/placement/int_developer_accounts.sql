{#- Where a developer belongs today: the link in force, else the account of the latest activity. -#}
with developers as (
    select * from {{ ref('int_developers') }}
),

links as (
    select * from {{ ref('int_developer_account_links') }}
),

aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

spans as (
    select * from {{ ref('int_activity_spans') }}
),

run as (
    select * from {{ ref('int_run') }}
),

linked as (
    select
        links.tenant_id,
        links.developer_id,
        coalesce(aliases.account_domain, links.domain) as account_domain
    from links
    cross join run
    left join aliases
        on
            links.tenant_id = aliases.tenant_id
            and links.domain = aliases.domain
            and run.as_of_day between aliases.from_day and aliases.to_day
    where run.as_of_day between links.from_day and links.to_day
),

ranked_accounts as (
    select
        developer_id,
        account_id,
        row_number() over (
            partition by developer_id
            order by last_occurred_at desc, account_id asc
        ) as recency
    from spans
    where developer_id is not null and account_id is not null
),

placed as (
    select
        developers.developer_id,
        coalesce(
            case when linked.account_domain is not null then md5(linked.tenant_id || '|' || linked.account_domain) end,
            ranked_accounts.account_id
        ) as account_id
    from developers
    left join linked on developers.developer_id = linked.developer_id
    left join ranked_accounts
        on developers.developer_id = ranked_accounts.developer_id and ranked_accounts.recency = 1
    where coalesce(linked.account_domain, ranked_accounts.account_id) is not null
)

select * from placed
