{#-
    Text to a UTC timestamp where it may also be a count of seconds, milliseconds or microseconds since 1970-01-01; its
    size tells which. Null where it cannot be read.
-#}
{% macro try_epoch_or_timestamp(text) -%}
    {%- set number = try_number(text, type_double()) -%}
    case
        when {{ number }} is null then {{ try_timestamp(text) }}
        when abs({{ number }}) < 1e11 then {{ epoch_timestamp(number) }}
        when abs({{ number }}) < 1e14 then {{ epoch_timestamp(number ~ ' / 1000') }}
        when abs({{ number }}) < 1e17 then {{ epoch_timestamp(number ~ ' / 1000000') }}
    end
{%- endmacro %}

{#- Seconds since 1970-01-01 to a UTC timestamp. -#}
{% macro epoch_timestamp(seconds) -%}
    {{ return(adapter.dispatch('epoch_timestamp', 'activity_score')(seconds)) }}
{%- endmacro %}

{#- The session's zone is UTC. -#}
{% macro default__epoch_timestamp(seconds) -%}
    cast(to_timestamp({{ seconds }}) as timestamp)
{%- endmacro %}

{% macro postgres__epoch_timestamp(seconds) -%}
    (to_timestamp({{ seconds }}) at time zone 'UTC')
{%- endmacro %}

{#- A number with a scale, else the decimals are cut off. -#}
{% macro snowflake__epoch_timestamp(seconds) -%}
    dateadd(millisecond, round(({{ seconds }}) * 1000), to_timestamp_ntz(0))
{%- endmacro %}

{% macro spark__epoch_timestamp(seconds) -%}
    timestamp_seconds({{ seconds }})
{%- endmacro %}
