{{ config(post_hook="{{ refuse_broken_segments(this, ref('accounts')) }}") }}

{#-
    The segments are the files of models/segments. dbt must know what a model reads before it runs anything, so the
    runner lists them in an environment variable, and dbt parses this one file again when the list has changed. Run
    without the runner, dbt sees the six that are shipped.
-#}
{%- set segments = env_var(
    'ACTIVITY_SCORE_SEGMENTS',
    'activity_surge,buyer_engaged_not_customer,continuous_engagement,drop_off_risk,high_engagement,'
    ~ 'pipeline_high_engagement'
).split(',') | select | list -%}
with matches as (
    {%- for segment in segments %}
    select
        '{{ segment }}' as segment,
        account_id,
        {{ segment_reason(segment, ref(segment)) }} as reason
    from {{ ref(segment) }}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        cast(null as {{ dbt.type_string() }}) as segment,
        cast(null as {{ dbt.type_string() }}) as account_id,
        cast(null as {{ dbt.type_string() }}) as reason
    from {{ ref('int_run') }}
    where as_of_day is null
    {%- endfor %}
)

select * from matches
