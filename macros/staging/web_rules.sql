{#-
    What pages and names of events mean, by the seeds page_rules and event_rules. A relation of records has the columns
    page_host and page_path ('' where there is none) and event_key (null for a page view).

    The rules are held against distinct pages and names, and the answers joined back: LIKE over every record is slow.
        page_types as ({{ page_types('records') }}), event_types as ({{ event_types('records', 'segment') }})
        ... from records {{ join_web_types('records') }}
    `activity_type` of either is null where the rule's is empty: own traffic, no activity. `is_any_page` tells that only
    a rule for every page took the page.
-#}
{#-
    The columns page_host and page_path of a page, as page_rules reads them; where a system tells path or host beside
    the url, that is what was shown.
-#}
{% macro page_keys(url, path='null', host='null') -%}
        coalesce(lower({{ host }}), {{ host_of(url) }}, '') as page_host,
        coalesce({{ path_key('coalesce(' ~ path ~ ', ' ~ url_path(url) ~ ')') }}, '') as page_path
{%- endmacro %}

{% macro page_types(records) -%}
    with pages as (
        select distinct
            page_host,
            page_path
        from {{ records }}
        where page_path <> ''
    ),

    rules as (
        select
            rule_order,
            {{ glob_to_like('lower(host_pattern)') }} as host_like,
            {{ glob_to_like('lower(path_pattern)') }} as path_like,
            nullif(activity_type, '') as activity_type
        from {{ ref('page_rules') }}
    ),

    matches as (
        select
            pages.page_host,
            pages.page_path,
            rules.activity_type,
            rules.host_like = '%' and rules.path_like = '%' as is_any_page,
            row_number() over (
                partition by pages.page_host, pages.page_path
                order by rules.rule_order, rules.host_like, rules.path_like
            ) as match_rank
        from pages
        inner join rules
            on
                pages.page_host like rules.host_like escape '!'
                and pages.page_path like rules.path_like escape '!'
    )

    select
        page_host,
        page_path,
        activity_type,
        is_any_page
    from matches
    where match_rank = 1
{%- endmacro %}

{% macro event_types(records, system) -%}
    with events as (
        select distinct event_key
        from {{ records }}
        where event_key is not null
    ),

    rules as (
        select
            rule_order,
            {{ glob_to_like('lower(event_name)') }} as name_like,
            nullif(activity_type, '') as activity_type
        from {{ ref('event_rules') }}
        where coalesce(source_system, '{{ system }}') in ('', '{{ system }}')
    ),

    matches as (
        select
            events.event_key,
            rules.activity_type,
            row_number() over (
                partition by events.event_key
                order by rules.rule_order, rules.name_like
            ) as match_rank
        from events
        inner join rules on events.event_key like rules.name_like escape '!'
    )

    select
        event_key,
        activity_type
    from matches
    where match_rank = 1
{%- endmacro %}

{% macro join_web_types(records) -%}
    left join page_types
        on {{ records }}.page_host = page_types.page_host and {{ records }}.page_path = page_types.page_path
    left join event_types on {{ records }}.event_key = event_types.event_key
{%- endmacro %}

{#- The activity type: of a page view what the page says, else what the event says, else the name of the event. -#}
{% macro web_activity_type(records) -%}
    case
        when {{ records }}.event_key is null or event_types.activity_type = 'page_view'
            then coalesce(page_types.activity_type, 'page_view')
        else coalesce(event_types.activity_type, {{ records }}.event_key)
    end
{%- endmacro %}

{#- Why the record is no activity of a customer, where the rule that matched has no activity type. -#}
{% macro web_exclusion_reason() -%}
    case
        when page_types.page_path is not null and page_types.activity_type is null then 'ignored_page'
        when event_types.event_key is not null and event_types.activity_type is null then 'ignored_event'
    end
{%- endmacro %}

{#-
    The seed and the name that it does not know, for the mart unmatched_names; null where a rule spoke. Pages are named
    by host and first folder.
-#}
{% macro web_unmatched_name(records) -%}
    case
        when {{ records }}.event_key <> '' and event_types.event_key is null
            then 'event_rules:' || {{ records }}.event_key
        when
            ({{ records }}.event_key is null or event_types.activity_type = 'page_view')
            and {{ records }}.page_path <> ''
            and coalesce(page_types.is_any_page, true)
            then
                'page_rules:' || {{ records }}.page_host
                || case
                    when {{ records }}.page_path = '/' then '/'
                    else '/' || split_part({{ records }}.page_path, '/', 2) || '/'
                end
    end
{%- endmacro %}
