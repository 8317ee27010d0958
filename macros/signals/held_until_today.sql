{#-
    Since when something has held on every day up to the as-of day: held_since_day by key. What does not hold on the
    as-of day has no row.

    Arguments:
        days_held: relation of (keys..., score_day), one row per day on which it held.
        keys: the columns that say of what.
-#}
{% macro held_until_today(days_held, keys) -%}
    with numbered as (
        select
            days_held.*,
            row_number() over (partition by {{ keys | join(', ') }} order by score_day desc) as days_back
        from {{ days_held }} as days_held
    )

    select
        {% for key in keys %}numbered.{{ key }},
        {% endfor %}min(numbered.score_day) as held_since_day
    from numbered
    cross join {{ ref('int_run') }} as run
    where numbered.score_day + numbered.days_back = run.as_of_day + 1
    group by {% for key in keys %}numbered.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}
