{#- Text to true or false (true, t, yes, y, 1, and their opposites, in any case); null where it is neither. -#}
{% macro try_boolean(text) -%}
    {{ return(adapter.dispatch('try_boolean', 'activity_score')(text)) }}
{%- endmacro %}

{% macro default__try_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', 't', 'yes', 'y', '1') then true
        when lower({{ text }}) in ('false', 'f', 'no', 'n', '0') then false
    end
{%- endmacro %}

{#- DuckDB reads the same words, a few times as fast as it looks them up. -#}
{% macro duckdb__try_boolean(text) -%}
    try_cast({{ text }} as boolean)
{%- endmacro %}
