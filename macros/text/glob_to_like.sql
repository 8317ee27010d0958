{#-
    A pattern in which * stands for any text and everything else for itself, as a LIKE pattern with the escape character !.
    Convert the few patterns in a CTE of their own: inside a join condition it would be done for every pair.
-#}
{% macro glob_to_like(glob) -%}
    replace(replace(replace(replace({{ glob }}, '!', '!!'), '_', '!_'), '%', '!%'), '*', '%')
{%- endmacro %}

{#- Whether a text matches such a pattern; for a pattern that is a literal. -#}
{% macro glob_matches(text, glob) -%}
    {{ text }} like {{ glob_to_like(glob) }} escape '!'
{%- endmacro %}
