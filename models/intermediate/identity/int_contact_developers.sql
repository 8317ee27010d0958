{#- What contacts say of people: employer, title, tags, opt-out. -#}
with contacts as (
    select * from {{ ref('int_contacts') }}
),

unlinkable as (
    select * from {{ ref('int_identifiers_seen') }}
    where unlinkable_reason is not null
),

identifiers as (
    select * from {{ ref('int_identifiers') }}
),

identified as (
    select
        contacts.*,
        {{ first_identifier('contacts') }} as identifier
    from contacts
    {{ join_unlinkable('contacts', 'unlinkable') }}
),

attributed as (
    select
        identified.*,
        identifiers.developer_id
    from identified
    inner join identifiers
        on
            identified.tenant_id = identifiers.tenant_id
            and identified.identifier = identifiers.identifier
)

select * from attributed
