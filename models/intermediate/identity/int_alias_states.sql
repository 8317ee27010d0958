{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['tenant_id', 'domain'],
) }}

{#- Which account a domain stands for, and the run that last changed it. An alias that is gone stays, as null. -#}
with aliases as (
    select * from {{ ref('int_domain_aliases') }}
),

run as (
    select * from {{ ref('int_run') }}
),

current_states as (
    select
        tenant_id,
        domain,
        {{ dbt.listagg(
            "cast(from_day as " ~ dbt.type_string() ~ ") || ' ' || cast(to_day as " ~ dbt.type_string()
            ~ ") || ' ' || account_domain",
            "', '",
            "order by from_day, to_day, account_domain",
        ) }} as state
    from aliases
    group by tenant_id, domain
),

{% if is_incremental() %}
known as (
    select * from {{ this }}
),

states as (
    select
        coalesce(current_states.tenant_id, known.tenant_id) as tenant_id,
        coalesce(current_states.domain, known.domain) as domain,
        current_states.state
    from current_states
    full outer join known
        on current_states.tenant_id = known.tenant_id and current_states.domain = known.domain
    where coalesce(current_states.state, '') <> coalesce(known.state, '')
),
{% else %}
states as (
    select * from current_states
),
{% endif %}

dated as (
    select
        states.tenant_id,
        states.domain,
        states.state,
        run.published_at as changed_at
    from states
    cross join run
)

select * from dated
