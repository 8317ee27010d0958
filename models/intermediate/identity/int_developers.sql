{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_of_a_touched_developer()) }}",
) }}

{#- A later run works out the touched ones. -#}
-- depends_on: {{ ref('int_touched_sightings') }}
with touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_developers') }}
),

identifiers as (
    select identifiers.*
    from {{ ref('int_identifiers') }} as identifiers
    {%- if is_incremental() %}
    inner join touched on identifiers.developer_id = touched.developer_id
    {%- endif %}
),

sightings as (
    select * from {{ ref('int_touched_sightings') if is_incremental() else ref('int_identity_sightings') }}
),

unlinkable as (
    select * from {{ ref('int_identifiers_seen') }}
    where unlinkable_reason is not null
),

contacts as (
    select contacts.*
    from {{ ref('int_contact_developers') }} as contacts
    {%- if is_incremental() %}
    inner join touched on contacts.developer_id = touched.developer_id
    {%- endif %}
),

domains as (
    select * from {{ ref('int_domains') }}
),

internal_domains as (
    select * from {{ ref('int_internal_domains') }}
),

bot_patterns as (
    select
        identifier_kind,
        substring(pattern, 1, 1) as first_letter,
        {{ glob_to_like('pattern') }} as like_pattern
    from {{ ref('bot_patterns') }}
),

developer_tags as (
    select * from {{ ref('developer_tags') }}
),

{# A work address says more than a private one, so it is the one shown. #}
named as (
    select
        identifiers.tenant_id,
        identifiers.developer_id,
        min(identifiers.developer_identifier) as developer_identifier,
        coalesce(
            min(
                case
                    when identifiers.identifier_kind = 'email' and domains.is_free_email = false
                        then identifiers.identifier_value
                end
            ),
            min(case when identifiers.identifier_kind = 'email' then identifiers.identifier_value end)
        ) as email,
        min(case when identifiers.identifier_kind = 'github_login' then identifiers.identifier_value end)
            as github_login,
        max(case when internal_domains.domain is not null then 1 else 0 end) as is_internal
    from identifiers
    left join domains
        on
            case
                when identifiers.identifier_kind = 'email'
                    then {{ email_domain('identifiers.identifier_value') }}
            end = domains.domain
    left join internal_domains
        on
            identifiers.tenant_id = internal_domains.tenant_id
            and coalesce(domains.registrable_domain, domains.domain) = internal_domains.domain
    group by identifiers.tenant_id, identifiers.developer_id
),

names as (
    {{ by_first_letter('identifiers', 'identifier_value', ['developer_id', 'identifier_kind']) }}
),

bots as (
    select distinct names.developer_id
    from names
    inner join bot_patterns
        on
            names.identifier_kind = bot_patterns.identifier_kind
            and names.first_letter = bot_patterns.first_letter
            and names.lower_name like bot_patterns.like_pattern escape '!'
),

identified_sightings as (
    select
        sightings.tenant_id,
        sightings.display_name,
        {{ first_identifier('sightings') }} as identifier
    from sightings
    {{ join_unlinkable('sightings', 'unlinkable') }}
    where sightings.display_name is not null and sightings.seen_in = 'activities'
),

seen_names as (
    select
        identifiers.developer_id,
        max(identified_sightings.display_name) as display_name
    from identified_sightings
    inner join identifiers
        on
            identified_sightings.tenant_id = identifiers.tenant_id
            and identified_sightings.identifier = identifiers.identifier
    group by identifiers.developer_id
),

ranked_contacts as (
    select
        contacts.*,
        row_number() over (
            partition by developer_id
            order by
                case when job_title is null then 1 else 0 end asc,
                coalesce(valid_from_day, -1000000) desc,
                job_title asc,
                full_name asc
        ) as title_rank,
        row_number() over (
            partition by developer_id
            order by
                case when full_name is null then 1 else 0 end asc,
                coalesce(valid_from_day, -1000000) desc,
                full_name asc
        ) as name_rank
    from contacts
    where is_in_force
),

titles as (
    select
        developer_id,
        job_title
    from ranked_contacts
    where title_rank = 1 and job_title is not null
),

contact_names as (
    select
        developer_id,
        full_name
    from ranked_contacts
    where name_rank = 1
),

{# A title is matched once, however many people bear it. #}
distinct_titles as (
    select distinct job_title from titles
),

title_tags as (
    select
        distinct_titles.job_title,
        developer_tags.developer_tag
    from distinct_titles
    inner join developer_tags
        on
            developer_tags.title_pattern is not null
            and {{ regex_matches('distinct_titles.job_title', 'developer_tags.title_pattern') }}
),

stated_tags as (
    {{ split_list('ranked_contacts', ['developer_id'], 'developer_tags') }}
),

{# Tags are spelt as in the seed, whatever the contact's spelling; a tag that the seed does not know weighs 1. #}
all_tags as (
    select
        stated_tags.developer_id,
        coalesce(developer_tags.developer_tag, stated_tags.item) as developer_tag
    from stated_tags
    left join developer_tags on lower(stated_tags.item) = lower(developer_tags.developer_tag)
    union
    select
        titles.developer_id,
        title_tags.developer_tag
    from titles
    inner join title_tags on titles.job_title = title_tags.job_title
),

tagged as (
    select
        all_tags.developer_id,
        {{ dbt.listagg('all_tags.developer_tag', "'; '", 'order by all_tags.developer_tag') }} as developer_tags,
        max(developer_tags.role_weight) as role_weight,
        max(case when lower(all_tags.developer_tag) = 'buyer' then 1 else 0 end) as is_buyer
    from all_tags
    left join developer_tags on all_tags.developer_tag = developer_tags.developer_tag
    group by all_tags.developer_id
),

opted_out as (
    select distinct developer_id
    from contacts
    where opted_out
),

developers as (
    select
        named.tenant_id,
        named.developer_id,
        named.developer_identifier,
        named.email,
        named.github_login,
        coalesce(
            contact_names.full_name,
            seen_names.display_name,
            named.github_login,
            named.email,
            named.developer_identifier
        ) as display_name,
        titles.job_title,
        tagged.developer_tags,
        coalesce(tagged.role_weight, cast(1 as {{ type_double() }})) as role_weight,
        coalesce(tagged.is_buyer, 0) = 1 as is_buyer,
        bots.developer_id is not null as is_bot,
        named.is_internal = 1 as is_internal,
        opted_out.developer_id is not null as is_opted_out
    from named
    left join contact_names on named.developer_id = contact_names.developer_id
    left join seen_names on named.developer_id = seen_names.developer_id
    left join titles on named.developer_id = titles.developer_id
    left join tagged on named.developer_id = tagged.developer_id
    left join bots on named.developer_id = bots.developer_id
    left join opted_out on named.developer_id = opted_out.developer_id
)

select * from developers
