{%- set labels = connected_components(ref('int_identity_links'), 'identity_labels') %}
select
    labels.node,
    labels.label as component
from {{ labels }} as labels
