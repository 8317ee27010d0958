{#-
    A page's address as it may be shown to everybody: without user and password, query, fragment and parameters of the
    path; a part of the path that holds an e-mail address, or 24 letters and digits in a row as keys and session ids do,
    becomes `...`. The hash of a commit is no secret and stays. Null for what is no page of the web, such as a file.
-#}
{% macro public_url(url) -%}
    {%- set page = "trim(split_part(split_part(split_part(" ~ url ~ ", '?', 1), '#', 1), ';', 1))" -%}
    {%- set nameless = regex_replace_all(page, "'//[^/]*@'", "'//'") -%}
    {%- set addressless = regex_replace_all(nameless, "'[^/@]+(@|%40)[^/]*'", "'...'") -%}
    case
        when lower({{ page }}) not like 'http://%' and lower({{ page }}) not like 'https://%' and {{ page }} like '%:%'
            then null
        when {{ page }} like '%/commit/%' then nullif({{ addressless }}, '')
        else nullif({{ regex_replace_all(addressless, "'[^/]*[A-Za-z0-9=_]{24,}[^/]*'", "'...'") }}, '')
    end
{%- endmacro %}
