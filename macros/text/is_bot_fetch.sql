{#-
    Whether a user agent names a program that fetches by itself, or GitHub's image proxy: a README is seen through
    github-camo, and the visit looks like GitHub's own. Package managers are no bots, somebody's work started them; nor
    are the proxies of mail services, which fetch when somebody opens a mail. Cubot makes telephones. Null is no bot.
-#}
{% macro is_bot_fetch(user_agent) -%}
    coalesce({{ regex_matches("replace(lower(" ~ user_agent ~ "), 'cubot', '')", "'(bot([^a-z]|$)|crawler|crawling|spider|slurp|headlesschrome|phantomjs|lighthouse|pingdom|uptime|statuscake|site24x7|datadogsynthetics|newrelicpinger|facebookexternalhit|bytespider|censys|shodan|zgrab|masscan|nmap|nuclei|renovate|dependabot|github-camo|google-safety|feedfetcher|mediapartners|ia_archiver|bingpreview|scrapy|linkcheck|wget-spider)'") }}, false)
{%- endmacro %}
