{#- Names and titles change without any activity: lines of who was worked out anew get those of today. -#}
{% macro name_people_anew() -%}
    {%- if is_incremental() -%}
    update {{ this }} as lines
    set
        display_name = developers.display_name,
        job_title = developers.job_title
    from {{ ref('developers') }} as developers
    inner join {{ ref('int_touched_developers') }} as touched on developers.developer_id = touched.developer_id
    where
        lines.developer_id = developers.developer_id
        and (
            lines.display_name is distinct from developers.display_name
            or lines.job_title is distinct from developers.job_title
        )
    {%- endif -%}
{%- endmacro %}
