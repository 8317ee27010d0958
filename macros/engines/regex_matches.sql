{#- Whether a text holds a match of a regular expression, upper and lower case alike. -#}
{% macro regex_matches(text, pattern) -%}
    {{ return(adapter.dispatch('regex_matches', 'activity_score')(text, pattern)) }}
{%- endmacro %}

{% macro default__regex_matches(text, pattern) -%}
    regexp_matches(lower({{ text }}), lower({{ pattern }}))
{%- endmacro %}

{% macro postgres__regex_matches(text, pattern) -%}
    (lower({{ text }}) ~ lower({{ pattern }}))
{%- endmacro %}

{% macro snowflake__regex_matches(text, pattern) -%}
    (regexp_instr(lower({{ text }}), lower({{ pattern }})) > 0)
{%- endmacro %}

{% macro spark__regex_matches(text, pattern) -%}
    (lower({{ text }}) rlike lower({{ pattern }}))
{%- endmacro %}
