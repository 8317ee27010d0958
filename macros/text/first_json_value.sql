{#- The first of several values read by json_values that is not blank. -#}
{% macro first_json_value(values, paths, names) -%}
    coalesce(
            {%- for name in names %}
            {{ clean_text(json_value(values, paths, name)) }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
{%- endmacro %}

{#- The paths of all spellings of traits (name to list of spellings), each a key at the top. -#}
{% macro paths_of(traits) -%}
    {%- set paths = {} -%}
    {%- for spelling in traits.values() | sum(start=[]) -%}
        {%- do paths.update({spelling: [spelling]}) -%}
    {%- endfor -%}
    {{ return(paths) }}
{%- endmacro %}
