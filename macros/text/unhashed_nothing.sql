{#-
    An identifier that may have been hashed on its way: the hash of an empty text (SHA-256, SHA-1, MD5) is null. Hundreds
    of people have that one, and it would make them one person.
-#}
{% macro unhashed_nothing(text) -%}
    case
        when lower({{ text }}) not in (
            'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
            'da39a3ee5e6b4b0d3255bfef95601890afd80709',
            'd41d8cd98f00b204e9800998ecf8427e'
        ) then {{ text }}
    end
{%- endmacro %}
