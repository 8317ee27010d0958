{{ config(materialized='incremental', incremental_strategy='append') }}

{#- The domains that records name, each once: the records are many, their domains few. -#}
with run as (  -- noqa: ST03
    select * from {{ ref('int_run') }}
),

named as (
    {%- for column in ['email_domain', 'account_domain'] %}
    select
        records.tenant_id,
        records.{{ column }} as domain
    from {{ ref('int_activity_records') }} as records
    {%- if is_incremental() %}
    inner join run on records.written_at = run.published_at
    {%- endif %}
    where records.{{ column }} is not null
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

new_domains as (
    select named.*
    from named
    {%- if is_incremental() %}
    left join {{ this }} as known on named.tenant_id = known.tenant_id and named.domain = known.domain
    where known.domain is null
    {%- endif %}
)

select * from new_domains
