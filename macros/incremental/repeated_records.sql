{#-
    Records that this run wrote and whose id others of them have, too. By the id alone, which is quick to look for; whose
    tenant and system it is, int_ranked_records tells. A record that could not be read repeats nothing.
-#}
{% macro is_of_a_repeated_id() -%}
    {{ is_readable_and_new() }}
    and model_rows.activity_id in (
        select model_rows.activity_id
        from {{ this }} as model_rows
        where {{ is_readable_and_new() }}
        group by model_rows.activity_id
        having count(*) > 1
    )
{%- endmacro %}

{% macro is_readable_and_new() -%}
    model_rows.rejection_reason is null
    and model_rows.written_at = (select max(run.published_at) from {{ ref('int_run') }} as run)
{%- endmacro %}

{#-
    The three steps, each committed by itself where that is quicker (after_writing). No column is looked up here: that
    would begin a transaction, which nobody commits.
-#}
{% macro copy_repeated_records() -%}
    insert into {{ ref('int_repeated_records').render() }}
    select
        {{ kept_record_columns('model_rows') }}
    from {{ this }} as model_rows
    where {{ is_of_a_repeated_id() }}
{%- endmacro %}

{% macro delete_repeated_records() -%}
    delete from {{ this }} as model_rows
    where
        {{ is_readable_and_new() }}
        and model_rows.activity_id in (
            select repeated.activity_id from {{ ref('int_repeated_records') }} as repeated
        )
{%- endmacro %}

{% macro insert_ranked_records() -%}
    insert into {{ this }}
    select
        {{ kept_record_columns('ranked') }}
    from {{ ref('int_ranked_records') }} as ranked
{%- endmacro %}

{#- All columns of int_activity_records, in their order. -#}
{% macro kept_record_columns(relation) -%}
    {{ activity_record_columns(relation) }},
        {{ relation }}.staged_exclusion_reason,
        {{ relation }}.written_at
{%- endmacro %}
