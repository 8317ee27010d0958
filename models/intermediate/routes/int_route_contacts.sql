{{ config(materialized='view') }}

{#-
    The people behind a routed account's points, those who contribute most first, as a text to read: so many of all, and
    so many of the Buyers, since who can sign must not be missing because colleagues are busier.
-#}
with episodes as (
    select * from {{ ref('playbook_episodes') }}
    where is_routed
),

people as (
    select * from {{ ref('int_account_people') }}
    where developer_id is not null
),

developers as (
    select * from {{ ref('developers') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

settings as (
    select * from {{ ref('int_route_settings') }}
),

contributions as (
    select
        people.account_id,
        people.developer_id,
        {#- As a decimal: the last bit of a sum depends on the order of adding, and must not decide who comes first. #}
        cast(people.engagement_points as decimal(28, 9)) as points
    from people
    inner join episodes on people.account_id = episodes.account_id
),

ranked as (
    select
        contributions.account_id,
        developers.display_name,
        replace(developers.developer_tags, '; ', ', ') as developer_tags,
        developers.job_title,
        developers.is_buyer,
        {#- Who has changed jobs still stands behind the points, but is to be found elsewhere. #}
        case when developers.account_id <> contributions.account_id then homes.account_name end as now_at,
        row_number() over (
            partition by contributions.account_id
            order by contributions.points desc, contributions.developer_id asc
        ) as contact_rank,
        row_number() over (
            partition by contributions.account_id, developers.is_buyer
            order by contributions.points desc, contributions.developer_id asc
        ) as rank_among_alike
    from contributions
    inner join developers on contributions.developer_id = developers.developer_id
    left join accounts as homes on developers.account_id = homes.account_id
    where contributions.points > 0
),

worded as (
    select
        ranked.account_id,
        ranked.contact_rank,
        ranked.display_name
        || coalesce(', ' || ranked.job_title, '')
        || coalesce(' [' || ranked.developer_tags || ']', '')
        || coalesce(' (now at ' || ranked.now_at || ')', '') as contact
    from ranked
    inner join accounts on ranked.account_id = accounts.account_id
    inner join settings on accounts.tenant_id = settings.tenant_id
    where
        ranked.contact_rank <= settings.contacts_shown
        or (ranked.is_buyer and ranked.rank_among_alike <= settings.contacts_shown)
),

contacts as (
    select
        account_id,
        {{ dbt.listagg('contact', "'; '", 'order by contact_rank') }} as engaged_contacts
    from worded
    group by account_id
)

select * from contacts
