{#- The kinds of identifiers, in the order that names developers. -#}
{% macro identifier_kinds() -%}
    {{ return(['email', 'github_login', 'user_id', 'anonymous_id']) }}
{%- endmacro %}

{#-
    Sightings that show one of some identifiers, each once.

    Arguments:
        sightings: the relation of the sightings; it is read once for each kind, so a name of a table rather than of a
            CTE, which would be held in memory.
        identifiers: a relation of (tenant_id, identifier_kind, identifier_value).
-#}
{% macro sightings_that_show(sightings, identifiers) -%}
    {%- for kind in identifier_kinds() %}
    select sightings.*
    from {{ sightings }} as sightings
    inner join {{ identifiers }} as identifiers
        on
            sightings.{{ kind }} = identifiers.identifier_value
            and sightings.tenant_id = identifiers.tenant_id
            and identifiers.identifier_kind = '{{ kind }}'
    {{ 'union' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The identifiers of sightings, each once: tenant_id, identifier_kind, identifier_value. -#}
{% macro identifiers_in(sightings) -%}
    {%- for kind in identifier_kinds() %}
    select
        tenant_id,
        '{{ kind }}' as identifier_kind,
        {{ kind }} as identifier_value
    from {{ sightings }}
    where {{ kind }} is not null
    {{ 'union' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
