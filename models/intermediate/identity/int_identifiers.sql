{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_regrouped()) }}",
) }}

{#- An address that is nobody's (no_reply) is not a person, so it is not here. -#}
with regrouped as (
    select * from {{ ref('int_regrouped_identifiers') }}
),

components as (
    select * from {{ ref('int_identity_components') }}
),

named as (
    select
        regrouped.tenant_id,
        regrouped.identifier_kind,
        regrouped.identifier_value,
        regrouped.identifier,
        regrouped.partner_count,
        regrouped.unlinkable_reason,
        coalesce(names.identifier, regrouped.identifier) as developer_identifier,
        md5(regrouped.tenant_id || '|' || coalesce(names.identifier, regrouped.identifier)) as developer_id
    from regrouped
    left join components on regrouped.node = components.node
    left join regrouped as names on components.component = names.node
    where regrouped.is_seen and coalesce(regrouped.unlinkable_reason, '') <> 'no_reply'
)

select * from named
