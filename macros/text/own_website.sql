{#- The host of the web site on a person's profile; null where it is a page at a service that has pages of everybody. -#}
{% macro own_website(text) -%}
    {%- set services -%}
    '(^|[.])(github[.](com|io)|gitlab[.](com|io)|bitbucket[.]org|linkedin[.]com|twitter[.]com|x[.]com|facebook[.]com|instagram[.]com|youtube[.]com|medium[.]com|dev[.]to|t[.]me|about[.]me|keybase[.]io|linktr[.]ee|stackoverflow[.]com|stackexchange[.]com|wordpress[.]com|blogspot[.]com|google[.]com|goo[.]gl|bit[.]ly)$'
    {%- endset -%}
    case when not {{ regex_matches(domain_of(text), services) }} then {{ domain_of(text) }} end
{%- endmacro %}
