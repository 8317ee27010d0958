{{ config(materialized='view') }}

{#-
    How well a company fits, by the seed fit_rules. A stage alone is no knowledge of the company: an account without
    size, industry and country has no fit.
-#}
with accounts as (
    select * from {{ ref('int_accounts') }}
),

grades as (
    select
        max(case when fit_grade = 'A' then lower_bound end) as a_from,
        max(case when fit_grade = 'B' then lower_bound end) as b_from
    from {{ ref('fit_grades') }}
),

rules as (
    select
        attribute,
        rule_order,
        lower_bound,
        upper_bound,
        points,
        {{ glob_to_like('pattern') }} as like_pattern
    from {{ ref('fit_rules') }}
),

known_values as (
    select
        account_id,
        'employee_count' as attribute,
        cast(employee_count as {{ dbt.type_string() }}) as stated_value,
        employee_count as quantity
    from accounts
    where employee_count is not null
    {%- for attribute in ['industry', 'country', 'lifecycle_stage'] %}
    union all
    select
        account_id,
        '{{ attribute }}' as attribute,
        {{ attribute }} as stated_value,
        cast(null as {{ dbt.type_bigint() }}) as quantity
    from accounts
    where {{ attribute }} is not null
    {%- endfor %}
),

{# Companies are many and their trades and countries few: patterns are tried once per value. #}
distinct_values as (
    select
        attribute,
        stated_value,
        replace(lower(stated_value), '_', ' ') as match_text,
        max(quantity) as quantity
    from known_values
    group by attribute, stated_value
),

matching_rules as (
    select
        distinct_values.attribute,
        distinct_values.stated_value,
        rules.points,
        row_number() over (
            partition by distinct_values.attribute, distinct_values.stated_value
            order by rules.rule_order
        ) as match_rank
    from distinct_values
    inner join rules
        on
            distinct_values.attribute = rules.attribute
            and (rules.like_pattern is null or distinct_values.match_text like rules.like_pattern escape '!')
            and (rules.lower_bound is null or distinct_values.quantity >= rules.lower_bound)
            and (rules.upper_bound is null or distinct_values.quantity < rules.upper_bound)
),

deciding_rules as (
    select * from matching_rules
    where match_rank = 1
),

attribute_points as (
    select
        known_values.account_id,
        known_values.attribute,
        known_values.stated_value,
        coalesce(deciding_rules.points, 0) as points
    from known_values
    left join deciding_rules
        on
            known_values.attribute = deciding_rules.attribute
            and known_values.stated_value = deciding_rules.stated_value
),

explained as (
    select
        account_id,
        attribute,
        points,
        attribute || ' ' || stated_value || ': ' || case when points > 0 then '+' else '' end
        || cast(points as {{ dbt.type_string() }}) as reason
    from attribute_points
),

scored as (
    select
        account_id,
        cast(greatest(0, least(100, sum(points))) as {{ dbt.type_int() }}) as fit_score,
        {{ dbt.listagg('reason', "'; '", 'order by points desc, attribute') }} as fit_reasons
    from explained
    group by account_id
    having max(case when attribute <> 'lifecycle_stage' then 1 else 0 end) = 1
),

graded as (
    select
        scored.account_id,
        scored.fit_score,
        case
            when scored.fit_score >= grades.a_from then 'A'
            when scored.fit_score >= grades.b_from then 'B'
            else 'C'
        end as fit_grade,
        scored.fit_reasons
    from scored
    cross join grades
)

select * from graded
