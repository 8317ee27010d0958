{#- A text without the addresses of the internet protocol in it, of version 4 and 6; some version numbers go as well. -#}
{% macro mask_ip_addresses(text) -%}
    {%- set dotted = '[0-9]{1,3}([.][0-9]{1,3}){3}' -%}
    {%- set patterns = [
        '[0-9a-fA-F:]*::([0-9a-fA-F]{1,4}:)*' ~ dotted,
        dotted,
        '[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{0,4}){3,7}',
        '[0-9a-fA-F]{0,4}::[0-9a-fA-F:]+',
    ] -%}
    {{ regex_replace_all(text, "'" ~ patterns | join('|') ~ "'", "'(ip address)'") }}
{%- endmacro %}
