{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ begin_empty() }}",
) }}

{#- Which of this run's identifiers are one person's: seen together, and both may link; by number, both ways. -#}
{%- set kinds = identifier_kinds() -%}
-- depends_on: {{ ref('int_touched_sightings') }}
with sightings as (
    select * from {{ ref('int_touched_sightings') if is_incremental() else ref('int_identity_sightings') }}
),

linkable as (
    select * from {{ ref('int_regrouped_identifiers') }}
    where is_seen and unlinkable_reason is null
),

numbered as (
    select
        email_nodes.node as email_node,
        github_login_nodes.node as github_login_node,
        user_id_nodes.node as user_id_node,
        anonymous_id_nodes.node as anonymous_id_node
    from sightings
    {% for kind in kinds %}
    left join linkable as {{ kind }}_nodes
        on
            sightings.tenant_id = {{ kind }}_nodes.tenant_id
            and {{ kind }}_nodes.identifier_kind = '{{ kind }}'
            and sightings.{{ kind }} = {{ kind }}_nodes.identifier_value
    {% endfor %}
),

first_nodes as (
    select
        numbered.*,
        coalesce(email_node, github_login_node, user_id_node, anonymous_id_node) as first_node
    from numbered
),

{# A star around the first identifier connects all of them. #}
stars as (
    {%- for kind in kinds[1:] %}
    select
        first_node,
        {{ kind }}_node as other_node
    from first_nodes
    where {{ kind }}_node is not null and {{ kind }}_node <> first_node
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

both_directions as (
    select
        first_node as from_node,
        other_node as to_node
    from stars
    union
    select
        other_node as from_node,
        first_node as to_node
    from stars
)

select * from both_directions
