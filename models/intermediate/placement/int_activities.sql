{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook=[
        "{{ delete_past_retention() }}",
        "{{ set_aside(ref('int_displaced_activities'), is_of_a_touched_record()) }}",
        "{{ delete_rows(is_of_a_touched_record()) }}",
        "{{ set_aside(ref('int_displaced_activities'), is_at_a_changed_alias()) }}",
        "{{ delete_rows(is_at_a_changed_alias()) }}",
        "{{ set_aside(ref('int_displaced_activities'), was_of_the_future()) }}",
        "{{ delete_rows(was_of_the_future()) }}",
    ],
) }}

{#-
    Who did it, at which account, and whether it counts. The account is the first that answers: the activity's own work
    address, the account it names, the developer's link in force on that day, the range of addresses of the internet
    protocol that it came from; then the alias in force on that day.
    A later run places anew what int_touched_records names, what stands at a domain whose alias changed, and what has
    been in the future.
-#}
-- depends_on: {{ ref('int_alias_states') }}
with this_run as (  -- noqa: ST03
    select * from {{ ref('int_this_run') }}
),

touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_records') }}
),

displaced as (  -- noqa: ST03
    select * from {{ ref('int_displaced_activities') }}
),

{% if is_incremental() %}
{# Of earlier days, and not among those that int_touched_records has found. #}
at_changed_aliases as (
    select
        displaced.tenant_id,
        displaced.source_system,
        displaced.activity_id
    from displaced
    inner join this_run on displaced.activity_day <= this_run.previous_as_of_day
    except
    select
        touched.tenant_id,
        touched.source_system,
        touched.activity_id
    from touched
),

records as (
    select {{ columns_to_place('records') }}
    from {{ ref('int_activity_records') }} as records
    inner join this_run on records.activity_day > this_run.previous_as_of_day
    where {{ is_to_be_placed('records') }}
    union all
    select {{ columns_to_place('touched') }}
    from touched
    inner join this_run on touched.activity_day <= this_run.previous_as_of_day
    union all
    select {{ columns_to_place('records') }}
    from {{ ref('int_activity_records') }} as records
    inner join at_changed_aliases
        on
            records.activity_id = at_changed_aliases.activity_id
            and records.source_system = at_changed_aliases.source_system
            and records.tenant_id = at_changed_aliases.tenant_id
    where {{ is_to_be_placed('records') }}
),
{% else %}
records as (
    select * from {{ ref('int_activity_records') }} as records
    where {{ is_to_be_placed('records') }}
),
{% endif %}

run as (
    select * from {{ ref('int_run') }}
),

unlinkable as (
    select * from {{ ref('int_identifiers_seen') }}
    where unlinkable_reason is not null
),

identifiers as (
    select * from {{ ref('int_identifiers') }}
),

developers as (
    select * from {{ ref('int_developers') }}
),

domains as (
    select * from {{ ref('int_domains') }}
    where not is_free_email
),

links as (
    select * from {{ ref('int_developer_account_links') }}
),

ip_addresses as (
    select * from {{ ref('int_ip_addresses') }}
    where domain is not null
),

aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

internal_domains as (
    select * from {{ ref('int_internal_domains') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

activity_types as (
    select * from {{ ref('int_activity_types') }}
),

{# What few there are gets its number first, so that many activities look each up once, and none by an id. #}
people as (
    select
        identifiers.tenant_id,
        identifiers.identifier,
        developer_numbers.developer_number,
        developers.is_bot as is_bot_developer,
        developers.is_internal as is_internal_developer,
        developers.is_opted_out,
        developers.role_weight
    from identifiers
    inner join developers on identifiers.developer_id = developers.developer_id
    inner join developer_numbers on developers.developer_id = developer_numbers.developer_id
),

accounts_of_domains as (
    select
        account_numbers.tenant_id,
        domains.domain,
        account_numbers.account_number
    from domains
    inner join account_numbers on domains.registrable_domain = account_numbers.account_domain
),

accounts_of_developers as (
    select
        developer_numbers.developer_number,
        links.from_day,
        links.to_day,
        links.confidence,
        account_numbers.account_number
    from links
    inner join developer_numbers on links.developer_id = developer_numbers.developer_id
    inner join account_numbers
        on links.tenant_id = account_numbers.tenant_id and links.domain = account_numbers.account_domain
),

accounts_of_ip_addresses as (
    select
        account_numbers.tenant_id,
        ip_addresses.ip_address,
        ip_addresses.confidence,
        account_numbers.account_number
    from ip_addresses
    inner join account_numbers on ip_addresses.domain = account_numbers.account_domain
),

numbered_aliases as (
    select
        former_numbers.account_number as former_account_number,
        aliases.from_day,
        aliases.to_day,
        account_numbers.account_number
    from aliases
    inner join account_numbers as former_numbers
        on aliases.tenant_id = former_numbers.tenant_id and aliases.domain = former_numbers.account_domain
    inner join account_numbers
        on aliases.tenant_id = account_numbers.tenant_id and aliases.account_domain = account_numbers.account_domain
),

internal_accounts as (
    select account_numbers.account_number
    from internal_domains
    inner join account_numbers
        on
            internal_domains.tenant_id = account_numbers.tenant_id
            and internal_domains.domain = account_numbers.account_domain
),

identified as (
    select
        records.*,
        case when coalesce(unlinkable_email.unlinkable_reason, '') <> 'no_reply' then records.email_domain end
            as address_domain,
        {{ first_identifier('records') }} as identifier
    from records
    {{ join_unlinkable('records', 'unlinkable') }}
),

with_people as (
    select
        identified.*,
        people.developer_number,
        people.is_bot_developer,
        people.is_internal_developer,
        people.is_opted_out,
        coalesce(people.role_weight, 1) as role_weight
    from identified
    left join people on identified.tenant_id = people.tenant_id and identified.identifier = people.identifier
),

with_accounts as (
    select
        with_people.*,
        coalesce(
            of_addresses.account_number,
            of_stated_domains.account_number,
            of_developers.account_number,
            of_ip_addresses.account_number
        ) as placed_account_number,
        case
            when of_addresses.account_number is not null then 'work address'
            when of_stated_domains.account_number is not null then 'stated account'
            when of_developers.account_number is not null then 'developer link'
            when of_ip_addresses.account_number is not null then 'ip address'
        end as placed_by,
        case
            when of_addresses.account_number is not null then cast(1 as {{ type_double() }})
            when of_stated_domains.account_number is not null
                then coalesce(with_people.account_domain_confidence, cast(1 as {{ type_double() }}))
            when of_developers.account_number is not null then of_developers.confidence
            else of_ip_addresses.confidence
        end as account_confidence
    from with_people
    left join accounts_of_domains as of_addresses
        on
            with_people.address_domain = of_addresses.domain
            and with_people.tenant_id = of_addresses.tenant_id
    left join accounts_of_domains as of_stated_domains
        on
            with_people.account_domain = of_stated_domains.domain
            and with_people.tenant_id = of_stated_domains.tenant_id
    left join accounts_of_developers as of_developers
        on
            with_people.developer_number = of_developers.developer_number
            and with_people.activity_day between of_developers.from_day and of_developers.to_day
    left join accounts_of_ip_addresses as of_ip_addresses
        on
            with_people.ip_address = of_ip_addresses.ip_address
            and with_people.tenant_id = of_ip_addresses.tenant_id
),

placed as (
    select
        with_accounts.*,
        coalesce(numbered_aliases.account_number, with_accounts.placed_account_number) as account_number
    from with_accounts
    left join numbered_aliases
        on
            with_accounts.placed_account_number = numbered_aliases.former_account_number
            and with_accounts.activity_day between numbered_aliases.from_day and numbered_aliases.to_day
),

judged as (
    select
        placed.source_system,
        placed.tenant_id,
        placed.activity_id,
        placed.occurred_at,
        placed.activity_day,
        placed.loaded_at,
        placed.activity_type,
        placed.activity_count,
        placed.developer_number,
        placed.role_weight,
        placed.account_number,
        placed.placed_account_number,
        placed.placed_by,
        placed.account_confidence,
        placed.url,
        case
            when placed.activity_day > run.as_of_day then 'future'
            when activity_types.activity_type is null then 'unknown_type'
            when placed.is_bot or coalesce(placed.is_bot_developer, false) then 'bot'
            when internal_accounts.account_number is not null or coalesce(placed.is_internal_developer, false)
                then 'internal'
            when coalesce(placed.is_opted_out, false) then 'opted_out'
            when placed.account_number is null then 'no_account'
        end as exclusion_reason,
        run.published_at as written_at
    from placed
    cross join run
    left join activity_types on placed.activity_type = activity_types.activity_type
    left join internal_accounts on placed.account_number = internal_accounts.account_number
)

{#
    What stands together is compressed together: the ledger's texts take half the room and two thirds of the time. What
    is out of the window stands apart, so that the ledger's update leaves alone the blocks it is in.
#}
select judged.*  -- noqa: CV13
from judged
cross join run
order by judged.activity_day >= run.first_trend_day, judged.account_number, judged.developer_number
