{#- Whose turn a text is, a number from 0 to 15 that it always has: by the first digit of its md5, or by a cheaper hash. -#}
{% macro audit_turn(text) -%}
    {{ return(adapter.dispatch('audit_turn', 'activity_score')(text)) }}
{%- endmacro %}

{% macro default__audit_turn(text) -%}
    ({{ dbt.position('substr(md5(' ~ text ~ '), 1, 1)', "'0123456789abcdef'") }} - 1)
{%- endmacro %}

{% macro duckdb__audit_turn(text) -%}
    mod(hash({{ text }}), 16)
{%- endmacro %}
