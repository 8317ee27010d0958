{#-
    The columns that a warehouse has for single events and contexts, by what is read from them. A context of one's own
    that holds an address goes into `users`, an event into `events`, and both into the sources file.
-#}
{% macro snowplow_columns(part) -%}
    {%- set vendor = 'com_snowplowanalytics_snowplow' -%}
    {%- set columns = {
        'events':
            versions_of('unstruct_event_' ~ vendor ~ '_identify', 0)
            + versions_of('unstruct_event_' ~ vendor ~ '_submit_form', 0),
        'users': versions_of('contexts_' ~ vendor ~ '_ecommerce_user', 0),
        'sessions': versions_of('contexts_' ~ vendor ~ '_client_session', 3),
        'programs':
            versions_of('contexts_com_iab_snowplow_spiders_and_robots', 0)
            + versions_of('contexts_nl_basjes_yauaa_context', 5)
            + versions_of('contexts_' ~ vendor ~ '_ua_parser_context', 0)
            + versions_of('contexts_' ~ vendor ~ '_bot_detection', 1)
            + versions_of('contexts_' ~ vendor ~ '_client_side_bot_detection', 0),
    } -%}
    {{ return(columns[part]) }}
{%- endmacro %}

{#- A warehouse has a column for all versions 1-0-* of a context, or one for each. -#}
{% macro versions_of(stem, last) -%}
    {%- set columns = [stem ~ '_1'] -%}
    {%- for version in range(last + 1) -%}
        {%- do columns.append(stem ~ '_1_0_' ~ version) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#-
    What an event or context says, as JSON text of the one object, from whichever of the columns is filled: warehouses
    keep a context as an array, some an event too, and some exports wrap it once more.
-#}
{% macro self_describing(columns) -%}
    {%- set filled -%}
        coalesce(
                {%- for column in columns %}
                {{ clean_text(column) }}{{ ',' if not loop.last }}
                {%- endfor %}
            )
    {%- endset -%}
    coalesce(
            {{ json_text(filled, [0, 0]) }},
            {{ json_text(filled, [0]) }},
            {{ filled }}
        )
{%- endmacro %}

{#- An id of a browser or device; all zeros stand for none. -#}
{% macro nonzero_id(text) -%}
    nullif({{ text }}, '00000000-0000-0000-0000-000000000000')
{%- endmacro %}
