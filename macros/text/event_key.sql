{#- The name of an event in snake_case, as in event_rules: `Signed Up`, `signedUp`, `signed-up` are signed_up. -#}
{% macro event_key(name) -%}
    replace(replace(translate({{ snake_case("trim(" ~ name ~ ")") }}, ' -.:/', '_____'), '___', '_'), '__', '_')
{%- endmacro %}
