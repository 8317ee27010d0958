{#- What an activity of each type is worth under each set of settings, third-party types aside. -#}
with setting_sets as (
    select * from {{ ref('int_setting_sets') }}
),

activity_types as (
    select * from {{ ref('int_activity_types') }}
),

sources as (
    select * from {{ ref('sources') }}
),

earlier_settings as (
    select * from {{ source('activity_score', 'earlier_settings') }}
),

today as (
    select
        setting_sets.tenant_id,
        setting_sets.setting_set,
        activity_types.activity_type,
        activity_types.source,
        activity_types.weight,
        activity_types.daily_cap,
        activity_types.half_life_days,
        sources.max_threshold_share,
        activity_types.party
    from setting_sets
    cross join activity_types
    inner join sources on activity_types.source = sources.source
    where setting_sets.setting_set = 'today'
),

earlier_types as (
    select
        tenant_id,
        key as activity_type,
        max(case when setting = 'weight' then {{ try_number('value', type_double()) }} end) as weight,
        max(case when setting = 'daily_cap' then {{ try_number('value', dbt.type_int()) }} end) as daily_cap
    from earlier_settings
    where setting in ('weight', 'daily_cap')
    group by tenant_id, key
),

earlier_sources as (
    select
        tenant_id,
        key as source,
        max(case when setting = 'half_life_days' then {{ try_number('value', type_double()) }} end) as half_life_days,
        max(case when setting = 'max_threshold_share' then {{ try_number('value', type_double()) }} end)
            as max_threshold_share,
        max(case when setting = 'party' then value end) as party
    from earlier_settings
    where setting in ('half_life_days', 'max_threshold_share', 'party')
    group by tenant_id, key
),

{# Settings as rows do not say which source a type had: its source of today. A type that is new had no weight. #}
earlier as (
    select
        setting_sets.tenant_id,
        setting_sets.setting_set,
        activity_types.activity_type,
        activity_types.source,
        earlier_types.weight,
        earlier_types.daily_cap,
        earlier_sources.half_life_days,
        earlier_sources.max_threshold_share,
        earlier_sources.party
    from setting_sets
    cross join activity_types
    inner join earlier_types
        on
            setting_sets.tenant_id = earlier_types.tenant_id
            and activity_types.activity_type = earlier_types.activity_type
    inner join earlier_sources
        on
            setting_sets.tenant_id = earlier_sources.tenant_id
            and activity_types.source = earlier_sources.source
    where setting_sets.setting_set = 'earlier'
),

all_types as (
    select * from today
    union all
    select * from earlier
),

scored_types as (
    select * from all_types
    where party <> 'third'
)

select * from scored_types
