{#-
    Text without the blanks around it. DuckDB's `trim` looks at every letter, since any of Unicode's blanks may be among
    them: of text that has none, which is nearly all, both ends are looked at alone, in a fifth of the time.
-#}
{% macro trim_blanks(text) -%}
    {{ return(adapter.dispatch('trim_blanks', 'activity_score')(text)) }}
{%- endmacro %}

{% macro default__trim_blanks(text) -%}
    trim({{ text }})
{%- endmacro %}

{#- More bytes than letters: some letter is none of the ASCII letters, and may be a blank. -#}
{% macro duckdb__trim_blanks(text) -%}
    case
        when {{ text }} like ' %' or {{ text }} like '% ' or strlen({{ text }}) <> length({{ text }}) then trim({{ text }})
        else {{ text }}
    end
{%- endmacro %}
