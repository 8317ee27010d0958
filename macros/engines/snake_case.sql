{#- PullRequestReview to pull_request_review. -#}
{% macro snake_case(text) -%}
    {{ return(adapter.dispatch('snake_case', 'activity_score')(text)) }}
{%- endmacro %}

{% macro default__snake_case(text) -%}
    lower(regexp_replace({{ text }}, '([a-z0-9])([A-Z])', '\1_\2', 'g'))
{%- endmacro %}

{#- Snowflake replaces all matches by itself and reads a backslash twice. -#}
{% macro snowflake__snake_case(text) -%}
    lower(regexp_replace({{ text }}, '([a-z0-9])([A-Z])', '\\1_\\2'))
{%- endmacro %}

{% macro spark__snake_case(text) -%}
    lower(regexp_replace({{ text }}, '([a-z0-9])([A-Z])', '$1_$2'))
{%- endmacro %}
