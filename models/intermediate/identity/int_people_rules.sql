{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='rule_set',
) }}

{#-
    The settings that say of anybody who may link, who is a bot and what a tag weighs, in one text, and the run that last
    changed them: after a change everybody is worked out anew.
-#}
with shared_identifiers as (
    select * from {{ ref('shared_identifiers') }}
),

bot_patterns as (
    select * from {{ ref('bot_patterns') }}
),

developer_tags as (
    select * from {{ ref('developer_tags') }}
),

run as (
    select * from {{ ref('int_run') }}
),

rules as (
    select 'shared ' || identifier_kind || ' ' || case when is_no_reply then 'nobody ' else '' end || pattern as rule
    from shared_identifiers
    union all
    select 'bot ' || identifier_kind || ' ' || pattern as rule
    from bot_patterns
    union all
    select
        'tag ' || developer_tag || ' ' || cast(role_weight as {{ dbt.type_string() }}) || ' '
        || coalesce(title_pattern, '') as rule
    from developer_tags
),

current_rules as (
    select
        'people' as rule_set,
        {{ dbt.listagg('rule', "', '", 'order by rule') }} as state
    from rules
),

changed as (
    select
        current_rules.rule_set,
        current_rules.state,
        run.published_at as changed_at
    from current_rules
    cross join run
    {%- if is_incremental() %}
    left join {{ this }} as known on current_rules.rule_set = known.rule_set
    where coalesce(known.state, '') <> coalesce(current_rules.state, '')
    {%- endif %}
)

select * from changed
