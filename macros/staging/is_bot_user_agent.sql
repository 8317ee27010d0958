{#-
    Whether a browser says of itself that it is a program: crawlers, previews, monitors, libraries. Cubot is a maker of
    telephones.
-#}
{% macro is_bot_user_agent(user_agent) -%}
    {%- set names = [
        '(^|[^u])bot([^a-z]|$)', 'crawler', 'spider', 'slurp', 'headless', 'lighthouse', 'pingdom', 'uptime', 'phantomjs',
        'selenium', 'playwright', 'puppeteer', 'facebookexternalhit', 'bingpreview', 'curl/', 'wget/',
        'python-requests', 'go-http-client',
    ] -%}
    coalesce({{ regex_matches(user_agent, "'(" ~ names | join('|') ~ ")'") }}, false)
{%- endmacro %}
