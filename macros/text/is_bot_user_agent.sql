{#-
    Whether a user agent names a program that looks at pages or fetches files by itself: crawlers, monitors, previews,
    remote-controlled browsers, bots that update dependencies, and GitHub's image proxy (a README is seen through
    github-camo, and the visit looks like GitHub's own). Package managers and HTTP libraries are no bots, somebody's
    work started them; nor are the proxies of mail services, which fetch when somebody opens a mail. Cubot makes
    telephones. Null is no bot.
-#}
{% macro is_bot_user_agent(user_agent) -%}
    {%- set names = [
        'bot([^a-z]|$)', 'crawler', 'crawling', 'spider', 'slurp', 'scrapy', 'ia_archiver', 'mediapartners',
        'feedfetcher', 'google-safety', 'facebookexternalhit', 'meta-externalagent', 'bingpreview', 'github-camo',
        'headless', 'phantomjs', 'selenium', 'playwright', 'puppeteer', 'lighthouse',
        'pingdom', 'uptime', 'statuscake', 'site24x7', 'datadogsynthetics', 'newrelicpinger', 'kube-probe',
        'health-?check', 'linkcheck',
        'censys', 'shodan', 'zgrab', 'masscan', 'nmap', 'nuclei',
        'renovate', 'dependabot',
    ] -%}
    coalesce({{ regex_matches("replace(lower(" ~ user_agent ~ "), 'cubot', '')", "'(" ~ names | join('|') ~ ")'") }}, false)
{%- endmacro %}
