{#-
    The settings a surge is tried under: today's, and where they differ those of the build of seven days before, as far
    as they say what an activity is worth. A score that only new settings lift is no activity.
-#}
with tenants as (
    select * from {{ ref('int_tenants') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

sources as (
    select * from {{ ref('sources') }}
),

settings as (
    select * from {{ ref('scoring_settings') }}
),

earlier_settings as (
    select * from {{ source('activity_score', 'earlier_settings') }}
),

all_settings as (
    select
        tenant_id,
        setting,
        key,
        value,
        0 as is_earlier
    from settings
    union all
    select
        tenant_id,
        setting,
        key,
        value,
        1 as is_earlier
    from earlier_settings
),

changed as (
    select
        tenant_id,
        setting,
        key
    from all_settings
    where
        setting in (
            'weight', 'daily_cap', 'half_life_days', 'max_threshold_share', 'party', 'window_days',
            'points_per_active_developer', 'account_threshold'
        )
    group by tenant_id, setting, key
    having count(*) <> 2 or min(value) <> max(value)
),

{# A tenant that the earlier build did not know has no earlier settings to try. #}
changed_tenants as (
    select distinct tenant_id
    from changed
),

breadth as (
    select max_threshold_share
    from sources
    where source = 'active_developers'
),

today as (
    select
        tenants.tenant_id,
        'today' as setting_set,
        tenants.window_days,
        tenants.points_per_active_developer,
        breadth.max_threshold_share as active_developers_share,
        thresholds.account_threshold
    from tenants
    cross join breadth
    inner join thresholds on tenants.tenant_id = thresholds.tenant_id
),

earlier as (
    select
        earlier_settings.tenant_id,
        'earlier' as setting_set,
        max(
            case
                when earlier_settings.setting = 'window_days'
                    then {{ try_number('earlier_settings.value', dbt.type_int()) }}
            end
        ) as window_days,
        max(
            case
                when earlier_settings.setting = 'points_per_active_developer'
                    then {{ try_number('earlier_settings.value', type_double()) }}
            end
        ) as points_per_active_developer,
        max(
            case
                when
                    earlier_settings.setting = 'max_threshold_share'
                    and earlier_settings.key = 'active_developers'
                    then {{ try_number('earlier_settings.value', type_double()) }}
            end
        ) as active_developers_share,
        max(
            case
                when earlier_settings.setting = 'account_threshold'
                    then {{ try_number('earlier_settings.value', type_double()) }}
            end
        ) as account_threshold
    from earlier_settings
    inner join changed_tenants on earlier_settings.tenant_id = changed_tenants.tenant_id
    group by earlier_settings.tenant_id
),

setting_sets as (
    select * from today
    union all
    select * from earlier
)

select * from setting_sets
