{#- Names and titles change without any activity: lines that this run did not write get those of today. -#}
{% macro name_people_anew() -%}
    {%- if is_incremental() -%}
    update {{ this }} as lines
    set
        display_name = developers.display_name,
        job_title = developers.job_title
    from {{ ref('developers') }} as developers
    where
        lines.developer_id = developers.developer_id
        and (
            lines.display_name is distinct from developers.display_name
            or lines.job_title is distinct from developers.job_title
        )
    {%- endif -%}
{%- endmacro %}
