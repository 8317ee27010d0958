{#-
    What a column of a self-describing event or context says, as JSON text of the one object: warehouses keep a context
    as an array, some an event too, and some exports wrap it once more.
-#}
{% macro self_describing(column) -%}
    coalesce({{ json_text(column, [0, 0]) }}, {{ json_text(column, [0]) }}, {{ column }})
{%- endmacro %}

{#- An id of a browser or device; all zeros stand for none. -#}
{% macro nonzero_id(text) -%}
    nullif({{ text }}, '00000000-0000-0000-0000-000000000000')
{%- endmacro %}
