{#-
    What daily runs do with rows per key and day: those that have left what is kept, and those that are drawn again, are
    deleted first; readers then ask for what was written. `redraws` is the model that says from which day on, per key.

    A day is a number in the column score_day, or a date in score_date. It is compared as it is stored: what is worked
    out for each row first is worked out for all that there are.
-#}

{#-
    Arguments:
        first_day: the column of int_run before which nothing is kept.
        day: the column with the row's day.
-#}
{% macro delete_outdated(first_day, day='score_day') -%}
    {{ delete_rows(
        'model_rows.' ~ day ~ ' < (select max(' ~ day_stored_as(day, 'run.' ~ first_day) ~ ') from ' ~ ref('int_run')
        ~ ' as run)'
    ) }}
{%- endmacro %}

{#-
    Only who was drawn before has rows to take away.

    Arguments:
        redraws: see above.
        key: the column that both have.
        day: the column with the row's day.
-#}
{% macro delete_redrawn(redraws, key, day='score_day') -%}
    {%- set redraws = ref(redraws) -%}
    {%- if is_incremental() -%}
        {{ adapter.dispatch('delete_redrawn', 'activity_score')(redraws, key, day) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__delete_redrawn(redraws, key, day) -%}
    delete from {{ this }} as model_rows
    where exists (
        select 1
        from {{ redraws }} as redraws
        where
            redraws.is_drawn_again
            and redraws.{{ key }} = model_rows.{{ key }}
            and {{ day_stored_as(day, 'redraws.first_day') }} <= model_rows.{{ day }}
    )
{%- endmacro %}

{#- Inside `exists` DuckDB compares days for each pair of key and day that there is: up to ten times the work. -#}
{% macro duckdb__delete_redrawn(redraws, key, day) -%}
    delete from {{ this }} as model_rows
    using {{ redraws }} as redraws
    where
        redraws.is_drawn_again
        and redraws.{{ key }} = model_rows.{{ key }}
        and {{ day_stored_as(day, 'redraws.first_day') }} <= model_rows.{{ day }}
{%- endmacro %}

{% macro day_stored_as(column, day) -%}
    {{ to_date(day) if column == 'score_date' else day }}
{%- endmacro %}

{#-
    The rows of a model that this run wrote, as a relation: one stretch at the end of the table.

    Arguments:
        model: its rows have written_at.
-#}
{% macro written_rows(model) -%}
    {%- set model, run = ref(model), ref('int_run') -%}
    select written.*
    from {{ model }} as written
    {%- if is_incremental() %}
    where written.written_at = (select max(run.published_at) from {{ run }} as run)
    {%- endif %}
{%- endmacro %}

{#-
    The points that this run's account scores are made of: those that it drew, and where the threshold is a new one all
    that were drawn before, too.
-#}
{% macro points_to_score() -%}
    {%- set points, redraws, run = ref('int_account_source_days'), ref('int_account_score_redraws'), ref('int_run') -%}
    {{ written_rows('int_account_source_days') }}
    {%- if is_incremental() %}
    union all
    select earlier.*
    from {{ points }} as earlier
    where
        earlier.account_number in (
            select redraws.account_number
            from {{ redraws }} as redraws
            where redraws.has_new_threshold
        )
        and earlier.written_at < (select max(run.published_at) from {{ run }} as run)
    {%- endif %}
{%- endmacro %}
