{#-
    The band of a published score. Bands are half-open, so the highest lower bound not above the score names it.
    The bands are rows of the seed score_bands; `bands` is score_bands_in_a_row() as a CTE joined to the query.
-#}
{% macro score_category(score, bands='bands') -%}
    case
        when {{ score }} >= {{ bands }}.high_from then 'High'
        when {{ score }} >= {{ bands }}.medium_from then 'Medium'
        else 'Low'
    end
{%- endmacro %}

{#- The three bands of the seed as one row. -#}
{% macro score_bands_in_a_row() -%}
    select
        max(case when category = 'Medium' then lower_bound end) as medium_from,
        max(case when category = 'High' then lower_bound end) as high_from
    from {{ ref('score_bands') }}
{%- endmacro %}
