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
        settings.contacts_shown,
        {#- As a decimal: the last bit of a sum depends on the order of adding, and must not decide who comes first. #}
        cast(people.engagement_points as decimal(28, 9)) as points
    from people
    inner join episodes on people.account_id = episodes.account_id
    inner join {{ ref('developers') }} as developers on people.developer_id = developers.developer_id
    inner join settings on developers.tenant_id = settings.tenant_id
),

ranked as (
    select
        account_id,
        developer_id,
        is_buyer,
        contacts_shown,
        row_number() over (
            partition by account_number
            order by points desc, developer_id asc
        ) as contact_rank,
        sum(case when is_buyer then 1 else 0 end) over (
            partition by account_number
            order by points desc, developer_id asc
            rows between unbounded preceding and current row
        ) as buyer_rank
    from contributions
    where points > 0
),

{# Names only of those who are shown. #}
shown as (
    select
        account_id,
        developer_id,
        contact_rank
    from ranked
    where contact_rank <= contacts_shown or (is_buyer and buyer_rank <= contacts_shown)
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
