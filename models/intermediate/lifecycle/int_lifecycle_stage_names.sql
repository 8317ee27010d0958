{#- What the CRMs' words for a stage mean. A row of the seed for the very system goes before one for any, then a row for
    accounts or for deals before one for both. -#}
with accounts as (
    {{ union_staged('accounts') }}
),

account_stages as (
    {{ union_staged('account_stages') }}
),

opportunities as (
    {{ union_staged('opportunities') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

stated as (
    select
        source_system,
        'account' as applies_to,
        lifecycle_stage as stage_text
    from accounts
    where lifecycle_stage is not null
    union
    select
        source_system,
        'account' as applies_to,
        lifecycle_stage as stage_text
    from account_stages
    union
    select
        source_system,
        'opportunity' as applies_to,
        stage as stage_text
    from opportunities
    where stage is not null
),

meanings as (
    select
        stated.source_system,
        stated.applies_to,
        stated.stage_text,
        lifecycle_stages.lifecycle_stage,
        row_number() over (
            partition by stated.source_system, stated.applies_to, stated.stage_text
            order by
                case when lifecycle_stages.source_system is null then 1 else 0 end,
                case when lifecycle_stages.applies_to is null then 1 else 0 end
        ) as meaning_rank
    from stated
    inner join lifecycle_stages
        on
            lower(stated.stage_text) = lifecycle_stages.raw_stage
            and (lifecycle_stages.source_system is null or stated.source_system = lifecycle_stages.source_system)
            and (lifecycle_stages.applies_to is null or stated.applies_to = lifecycle_stages.applies_to)
),

named as (
    select
        source_system,
        applies_to,
        stage_text,
        lifecycle_stage
    from meanings
    where meaning_rank = 1
)

select * from named
