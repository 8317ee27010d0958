{#- Text to a UTC timestamp; null where it cannot be read. Without an offset the text is UTC. -#}
{% macro try_timestamp(text) -%}
    {{ return(adapter.dispatch('try_timestamp', 'activity_score')(text)) }}
{%- endmacro %}

{#- The session's zone is UTC, so a text without an offset is read as UTC. -#}
{% macro default__try_timestamp(text) -%}
    cast(try_cast({{ text }} as timestamp with time zone) as timestamp)
{%- endmacro %}

{#-
    A text without an offset need not go through time zones, which costs three times as much. DuckDB wants no space before
    an offset, as Snowflake writes one, and seconds, which Java leaves out at the full minute: what cannot be read is tried
    once more without. `is_time` in scripts/activity_score/raw_values.py has the same.
-#}
{% macro duckdb__try_timestamp(text) -%}
    case
        when length({{ text }}) = 19 and substring({{ text }}, 17, 1) = ':' then try_cast({{ text }} as timestamp)
        else cast(coalesce(
            try_cast({{ text }} as timestamp with time zone),
            try_cast(regexp_replace(
                regexp_replace({{ text }}, ' ?(Z|[+-]\d\d(:?\d\d)?)$', '\1'), '([T ]\d\d:\d\d)(Z|[+-])', '\1:00\2'
            ) as timestamp with time zone)
        ) as timestamp)
    end
{%- endmacro %}

{% macro snowflake__try_timestamp(text) -%}
    convert_timezone('UTC', try_to_timestamp_tz({{ text }}))::timestamp_ntz
{%- endmacro %}

{% macro spark__try_timestamp(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{#- PostgreSQL 15 has no try_cast: what does not look like ISO 8601 is null. -#}
{% macro postgres__try_timestamp(text) -%}
    case
        when {{ text }} ~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?$'
            then cast(cast({{ text }} as timestamptz) at time zone 'UTC' as timestamp)
    end
{%- endmacro %}
