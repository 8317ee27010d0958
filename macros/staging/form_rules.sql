{#-
    What the sent forms are, by the seed form_rules: one row per name (in lower case, column form_name of the relation)
    that a rule matches. The rules are held against distinct names: LIKE over every record is slow.
-#}
{% macro form_types(records) -%}
    with form_names as (
        select distinct form_name
        from {{ records }}
        where form_name <> ''
    ),

    rules as (
        select
            position,
            activity_type,
            {{ glob_to_like('form') }} as like_pattern
        from {{ ref('form_rules') }}
    ),

    matches as (
        select
            form_names.form_name,
            min(rules.position) as position
        from form_names
        inner join rules on form_names.form_name like rules.like_pattern escape '!'
        group by form_names.form_name
    )

    select
        matches.form_name,
        rules.activity_type
    from matches
    inner join rules on matches.position = rules.position
{%- endmacro %}

{#- The seed and the name of a form that no rule knows, for the mart unmatched_names; null otherwise. -#}
{% macro form_unmatched_name(records) -%}
    case when form_types.form_name is null and {{ records }}.form_name <> '' then 'form_rules:' || {{ records }}.form_name end
{%- endmacro %}
