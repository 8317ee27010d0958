{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='developer_id',
) }}

{#-
    Where a developer belongs today, which is also the account that the whole trend is shown under: the link in force,
    else the account of the latest activity; and the run that last changed it. A later run looks at who was worked out
    anew, whose activities were touched, and whose link or its alias begins or ends between the two days; a developer
    whom there is no more stays.
-#}
with all_developers as (
    select * from {{ ref('int_developers') }}
),

all_links as (
    select * from {{ ref('int_developer_account_links') }}
),

aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

all_spans as (
    select * from {{ ref('int_activity_spans') }}
),

run as (
    select * from {{ ref('int_run') }}
),

this_run as (  -- noqa: ST03
    select * from {{ ref('int_this_run') }}
),

touched_developers as (  -- noqa: ST03
    select * from {{ ref('int_touched_developers') }}
),

touched_days as (  -- noqa: ST03
    select * from {{ ref('int_touched_days') }}
),

alias_states as (  -- noqa: ST03
    select * from {{ ref('int_alias_states') }}
),

{% if is_incremental() %}
turned_domains as (
    select
        alias_states.tenant_id,
        alias_states.domain
    from alias_states
    inner join run on alias_states.changed_at = run.published_at
    union
    select
        aliases.tenant_id,
        aliases.domain
    from aliases
    cross join this_run
    where
        (aliases.from_day > this_run.previous_as_of_day and aliases.from_day <= this_run.as_of_day)
        or (aliases.to_day >= this_run.previous_as_of_day and aliases.to_day < this_run.as_of_day)
),

touched as (
    select developer_id from touched_developers
    union
    select developer_id from touched_days
    union
    select all_links.developer_id
    from all_links
    cross join this_run
    where all_links.from_day > this_run.previous_as_of_day and all_links.from_day <= this_run.as_of_day
    union
    select all_links.developer_id
    from all_links
    inner join turned_domains
        on all_links.tenant_id = turned_domains.tenant_id and all_links.domain = turned_domains.domain
),
{% endif %}

{%- for relation in ['developers', 'links', 'spans'] %}
{{ relation }} as (
    select all_{{ relation }}.*
    from all_{{ relation }}
    {%- if is_incremental() %}
    inner join touched on all_{{ relation }}.developer_id = touched.developer_id
    {%- endif %}
),
{% endfor %}

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
        developers.tenant_id,
        coalesce(
            case when linked.account_domain is not null then md5(linked.tenant_id || '|' || linked.account_domain) end,
            ranked_accounts.account_id
        ) as account_id,
        run.published_at as changed_at
    from developers
    cross join run
    left join linked on developers.developer_id = linked.developer_id
    left join ranked_accounts
        on developers.developer_id = ranked_accounts.developer_id and ranked_accounts.recency = 1
),

changed as (
    select placed.*
    from placed
    {%- if is_incremental() %}
    left join {{ this }} as known on placed.developer_id = known.developer_id
    where known.developer_id is null or coalesce(known.account_id, '') <> coalesce(placed.account_id, '')
    {%- endif %}
)

select * from changed
