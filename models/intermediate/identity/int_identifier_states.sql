{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['tenant_id', 'identifier'],
) }}

{#-
    What an identifier says about every activity that bears it, in one text, and the run that last changed it: whose
    activities must be placed anew is whoever differs from the run before, whatever the cause (a merge, a split, a new
    employer, a tag, an opt-out, a shared mailbox).
-#}
with identifiers as (
    select * from {{ ref('int_regrouped_identifiers') }}
    where is_seen
),

touched as (  -- noqa: ST03
    select * from {{ ref('int_touched_developers') }}
),

resolved as (
    select * from {{ ref('int_identifiers') }}
),

developers as (
    select * from {{ ref('int_developers') }}
),

links as (
    select links.*
    from {{ ref('int_developer_account_links') }} as links
    {%- if is_incremental() %}
    inner join touched on links.developer_id = touched.developer_id
    {%- endif %}
),

run as (
    select * from {{ ref('int_run') }}
),

employments as (
    select
        developer_id,
        from_day,
        cast(from_day as {{ dbt.type_string() }}) || ' ' || domain || ' ' || cast(confidence as {{ dbt.type_string() }})
            as employment
    from links
),

employers as (
    select
        developer_id,
        count(*) as employer_count,
        min(employment) as only_employment
    from employments
    group by developer_id
),

{# Nearly everybody has one, and to put texts in order costs as much for each of these. #}
changed_employers as (
    select
        employments.developer_id,
        {{ dbt.listagg('employments.employment', "', '", 'order by employments.from_day') }} as employer_history
    from employments
    inner join employers on employments.developer_id = employers.developer_id and employers.employer_count > 1
    group by employments.developer_id
),

states as (
    select
        identifiers.tenant_id,
        identifiers.identifier,
        md5(
            coalesce(identifiers.unlinkable_reason, '') || '|'
            || coalesce(resolved.developer_id, '') || '|'
            || case when developers.is_bot then 'bot' else '' end || '|'
            || case when developers.is_internal then 'internal' else '' end || '|'
            || case when developers.is_opted_out then 'opted out' else '' end || '|'
            || coalesce(cast(developers.role_weight as {{ dbt.type_string() }}), '') || '|'
            || coalesce(changed_employers.employer_history, employers.only_employment, '')
        ) as state,
        run.published_at as changed_at
    from identifiers
    cross join run
    left join resolved
        on identifiers.tenant_id = resolved.tenant_id and identifiers.identifier = resolved.identifier
    left join developers on resolved.developer_id = developers.developer_id
    left join employers on developers.developer_id = employers.developer_id
    left join changed_employers on developers.developer_id = changed_employers.developer_id
),

changed as (
    select states.*
    from states
    {%- if is_incremental() %}
    left join {{ this }} as known
        on states.tenant_id = known.tenant_id and states.identifier = known.identifier
    where known.state is null or known.state <> states.state
    {%- endif %}
)

select * from changed
