{#- The domain in what people write for a company (`https://www.acme.com/about`); null for a name or an address. -#}
{% macro domain_of(text) -%}
    {%- set domain = "'^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9-]+)*[.][a-z][a-z0-9-]*[a-z0-9]$'" -%}
    case
        when
            {{ text }} not like '%@%'
            and {{ regex_matches(host_of(text), domain) }}
            then {{ host_of(text) }}
    end
{%- endmacro %}
