{#- An e-mail address in lower case, where a text is one: programs send addresses as user ids. -#}
{% macro address_of(text) -%}
    case when {{ text }} like '%_@_%._%' and {{ text }} not like '% %' then lower({{ text }}) end
{%- endmacro %}

{#-
    An address, or the hash of one, in lower case: a key like any other. The hash of nothing is null, and so is whatever
    else people write into a field for addresses.
-#}
{% macro address_or_hash(text) -%}
    case
        when {{ address_of(text) }} is not null then {{ address_of(text) }}
        when {{ regex_matches(text, "'^[0-9a-f]{32,128}$'") }} then lower({{ unhashed_nothing(text) }})
    end
{%- endmacro %}
