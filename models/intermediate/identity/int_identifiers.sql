{#- An address that is nobody's (no_reply) is not a person, so it is not here. -#}
with seen as (
    select * from {{ ref('int_identifiers_seen') }}
),

components as (
    select * from {{ ref('int_identity_components') }}
),

named as (
    select
        seen.tenant_id,
        seen.identifier_kind,
        seen.identifier_value,
        seen.identifier,
        seen.partner_count,
        seen.unlinkable_reason,
        coalesce(names.identifier, seen.identifier) as developer_identifier,
        md5(seen.tenant_id || '|' || coalesce(names.identifier, seen.identifier)) as developer_id
    from seen
    left join components on seen.node = components.node
    left join seen as names on components.component = names.node
    where coalesce(seen.unlinkable_reason, '') <> 'no_reply'
)

select * from named
