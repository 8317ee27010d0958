{#-
    Incremental models that must forget rows do it in two steps, before the new rows come: the rows are copied into a
    table of their own, so that the models behind can tell what was there, and deleted. The standard strategies only
    delete what comes again, and so keep a row whose key has lost all that it was made of.

    Arguments:
        target: the relation to copy the rows into; its columns say which are copied.
        condition: which rows of the model, as SQL over `model_rows`.
-#}
{% macro set_aside(target, condition) -%}
    {%- if is_incremental() -%}
        {%- set columns = adapter.get_columns_in_relation(target) | map(attribute='quoted') | join(', ') -%}
        insert into {{ target }} ({{ columns }})
        select {{ columns }}
        from {{ this }} as model_rows
        where {{ condition }}
    {%- endif -%}
{%- endmacro %}

{% macro delete_rows(condition) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} as model_rows
        where {{ condition }}
    {%- endif -%}
{%- endmacro %}

{#- For tables of one run alone, which are incremental only to know whether there was a run before. -#}
{% macro begin_empty() -%}
    {{ delete_rows('1 = 1') }}
{%- endmacro %}
