{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_rows(is_of_a_touched_developer()) }}",
) }}

{#- What contacts say of people: employer, title, tags, opt-out. -#}
with contacts as (
    select * from {{ ref('int_contact_employers') }}
),

unlinkable as (
    select * from {{ ref('int_identifiers_seen') }}
    where unlinkable_reason is not null
),

touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_developers') }}
),

identifiers as (
    select identifiers.*
    from {{ ref('int_identifiers') }} as identifiers
    {%- if is_incremental() %}
    inner join touched on identifiers.developer_id = touched.developer_id
    {%- endif %}
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
