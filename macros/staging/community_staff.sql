{#-
    Whether somebody is staff of a community, by the roles that the var community_staff lists.

    Args:
        roles: the condition for each role.
-#}
{% macro is_community_staff(roles) -%}
    coalesce(
            {%- for role, condition in roles.items() if role in var('community_staff') %}
            ({{ condition }}) or
            {%- endfor %}
            false,
            false
        )
{%- endmacro %}
