-- Two linked identifiers are one developer: the components reach to the end of every chain.
with links as (
    select * from {{ ref('int_identity_links') }}
),

components as (
    select * from {{ ref('int_identity_components') }}
)

select
    links.from_node,
    links.to_node
from links
left join components as from_components on links.from_node = from_components.node
left join components as to_components on links.to_node = to_components.node
where
    from_components.component is null
    or to_components.component is null
    or from_components.component <> to_components.component
