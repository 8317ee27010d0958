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

accounts as (
    select * from {{ ref('accounts') }}
),

settings as (
    select * from {{ ref('int_route_settings') }}
),

contributions as (
    select
        people.account_id,
        people.account_number,
        people.developer_id,
        developers.is_buyer,
        {#- As a decimal: the last bit of a sum depends on the order of adding, and must not decide who comes first. #}
        cast(people.engagement_points as decimal(28, 9)) as points
    from people
    inner join episodes on people.account_id = episodes.account_id
    inner join {{ ref('developers') }} as developers on people.developer_id = developers.developer_id
),

ranked as (
    select
        account_id,
        developer_id,
        is_buyer,
        row_number() over (
            partition by account_number
            order by points desc, developer_id asc
        ) as contact_rank,
        row_number() over (
            partition by account_number, is_buyer
            order by points desc, developer_id asc
        ) as rank_among_alike
    from contributions
    where points > 0
),

{# Names only of those who are shown. #}
shown as (
    select
        ranked.account_id,
        ranked.developer_id,
        ranked.contact_rank
    from ranked
    inner join accounts on ranked.account_id = accounts.account_id
    inner join settings on accounts.tenant_id = settings.tenant_id
    where
        ranked.contact_rank <= settings.contacts_shown
        or (ranked.is_buyer and ranked.rank_among_alike <= settings.contacts_shown)
),

worded as (
    select
        shown.account_id,
        shown.contact_rank,
        developers.display_name
        || coalesce(', ' || developers.job_title, '')
        || coalesce(' [' || replace(developers.developer_tags, '; ', ', ') || ']', '')
        {#- Who has changed jobs still stands behind the points, but is to be found elsewhere. #}
        || case
            when developers.account_id <> shown.account_id then coalesce(' (now at ' || homes.account_name || ')', '')
            else ''
        end as contact
    from shown
    inner join {{ ref('developers') }} as developers on shown.developer_id = developers.developer_id
    left join accounts as homes on developers.account_id = homes.account_id
),

contacts as (
    select
        account_id,
        {{ dbt.listagg('contact', "'; '", 'order by contact_rank') }} as engaged_contacts
    from worded
    group by account_id
)

select * from contacts
