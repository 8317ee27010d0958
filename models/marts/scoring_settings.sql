with tenants as (
    select * from {{ ref('int_tenants') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

sources as (
    select * from {{ ref('sources') }}
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

developer_tags as (
    select * from {{ ref('developer_tags') }}
),

score_bands as (
    select * from {{ ref('score_bands') }}
),

surge_rules as (
    select * from {{ ref('surge_rules') }}
),

fit_rules as (
    select * from {{ ref('fit_rules') }}
),

fit_grades as (
    select * from {{ ref('fit_grades') }}
),

fit_engagement_cells as (
    select * from {{ ref('fit_engagement_cells') }}
),

signal_settings as (
    select * from {{ ref('signal_settings') }}
),

{%- set text = dbt.type_string() %}
{%- set shared_settings = [
    ('sources', 'source', 'half_life_days', 'half_life_days'),
    ('sources', 'source', 'max_threshold_share', 'max_threshold_share'),
    ('sources', 'source', 'party', 'party'),
    ('sources', 'source', 'source_display_name', 'display_name'),
    ('activity_types', 'activity_type', 'weight', 'weight'),
    ('activity_types', 'activity_type', 'daily_cap', 'daily_cap'),
    ('developer_tags', 'developer_tag', 'role_weight', 'role_weight'),
    ('score_bands', 'category', 'band_lower_bound', 'lower_bound'),
    ('surge_rules', 'rule', 'surge_rule', 'value'),
    ('fit_rules', 'rule_order', 'fit_points', 'points'),
    ('fit_grades', 'fit_grade', 'fit_grade_lower_bound', 'lower_bound'),
    ('fit_engagement_cells', 'fit_engagement_cell', 'is_marketing_qualified', 'is_marketing_qualified'),
    ('signal_settings', "signal || '.' || setting", 'signal_threshold', 'value'),
] %}
{#- A calibrated threshold is a sum whose last bit depends on the order of adding: as text, nine decimals will do. #}
{%- set tenant_settings = [
    ('tenants', 'profile', 'profile'),
    ('tenants', 'window_days', 'window_days'),
    ('tenants', 'points_per_active_developer', 'points_per_active_developer'),
    ('thresholds', 'account_threshold', 'cast(cast(account_threshold as decimal(28, 9)) as ' ~ type_double() ~ ')'),
    ('thresholds', 'developer_threshold', 'cast(cast(developer_threshold as decimal(28, 9)) as ' ~ type_double() ~ ')'),
    ('thresholds', 'model_version', 'model_version'),
] %}

shared_settings as (
    {%- for relation, key, setting, column in shared_settings %}
    select
        '{{ setting }}' as setting,
        cast({{ key }} as {{ text }}) as setting_key,
        cast({{ column }} as {{ text }}) as setting_value,
        comment
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

settings as (
    select
        tenants.tenant_id,
        shared_settings.setting,
        shared_settings.setting_key,
        shared_settings.setting_value,
        shared_settings.comment
    from tenants
    cross join shared_settings
    {%- for relation, setting, value in tenant_settings %}
    union all
    select
        tenant_id,
        '{{ setting }}' as setting,
        '' as setting_key,
        cast({{ value }} as {{ text }}) as setting_value,
        cast(null as {{ text }}) as comment
    from {{ relation }}
    {%- endfor %}
),

shaped as (
    select
        tenant_id,
        setting,
        setting_key as key,
        setting_value as value,
        comment
    from settings
    where setting_value is not null
)

select * from shaped
