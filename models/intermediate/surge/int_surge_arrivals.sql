{#-
    How the activities behind a surge came to count at their account. Scores go by when things happened, so a surge may
    be made of what nobody could see then: records that arrived late or in bulk (an import), and activities of people
    who were linked to the account only afterwards (an identity merge). The days that matter are those of the rises that
    a surge of today looks at: a surge day counts for 7 days and rises over 7.
-#}
{%- set kinds = identifier_kinds() -%}
with account_days as (
    select * from {{ ref('int_account_days') }}
),

all_records as (
    select * from {{ ref('int_activity_records') }}
    where rejection_reason is null and exclusion_reason is null
),

unlinkable as (
    select * from {{ ref('int_identifiers_seen') }}
    where unlinkable_reason is not null
),

account_numbers as (
    select * from {{ ref('int_account_numbers') }}
),

developer_numbers as (
    select * from {{ ref('int_developer_numbers') }}
),

identifiers as (
    select * from {{ ref('int_identifiers') }}
),

sightings as (
    select * from {{ ref('int_identity_sightings') }}
),

links as (
    select * from {{ ref('int_developer_account_links') }}
),

earlier_developers as (
    select * from {{ source('activity_score', 'earlier_developers') }}
),

run as (
    select * from {{ ref('int_run') }}
),

activity_types as (
    select * from {{ ref('int_activity_types') }}
),

rules as (
    select
        max(case when rule = 'late_after_days' then value end) as late_after_days,
        max(case when rule = 'linked_late_after_days' then value end) as linked_late_after_days,
        max(case when rule = 'bulk_times_usual' then value end) as bulk_times_usual,
        max(case when rule = 'bulk_min_records' then value end) as bulk_min_records
    from {{ ref('surge_rules') }}
),

surging as (
    select account_days.account_number
    from account_days
    inner join run on account_days.score_day = run.as_of_day
    where account_days.has_activity_surge
),

recent as (
    select
        activities.*,
        account_numbers.account_id,
        developer_numbers.developer_id,
        {{ to_day('activities.loaded_at') }} as loaded_day
    from {{ ref('int_activities') }} as activities
    inner join surging on activities.account_number = surging.account_number
    inner join account_numbers on activities.account_number = account_numbers.account_number
    left join developer_numbers on activities.developer_number = developer_numbers.developer_number
    inner join activity_types
        on activities.activity_type = activity_types.activity_type and activity_types.party <> 'third'
    cross join run
    where
        activities.exclusion_reason is null
        and activities.activity_day > run.as_of_day - 13
),

{# An import: late, or in a load far above a usual day of its system. #}
loads as (
    select distinct
        tenant_id,
        source_system,
        loaded_at,
        loaded_day
    from recent
),

load_sizes as (
    select
        loads.tenant_id,
        loads.source_system,
        loads.loaded_at,
        count(*) as record_count
    from loads
    inner join {{ ref('int_activities') }} as activities
        on
            loads.tenant_id = activities.tenant_id
            and loads.source_system = activities.source_system
            and loads.loaded_at = activities.loaded_at
    group by loads.tenant_id, loads.source_system, loads.loaded_at
),

arrivals as (
    select
        activities.tenant_id,
        activities.source_system,
        {{ to_day('activities.loaded_at') }} as arrival_day,
        count(*) as record_count
    from {{ ref('int_activities') }} as activities
    cross join run
    where activities.loaded_at >= {{ to_date('run.as_of_day - 13 - 28') }}
    group by activities.tenant_id, activities.source_system, {{ to_day('activities.loaded_at') }}
),

usual_days as (
    select
        loads.tenant_id,
        loads.source_system,
        loads.loaded_at,
        percentile_cont(0.5) within group (order by arrivals.record_count) as usual_count
    from loads
    inner join arrivals
        on
            loads.tenant_id = arrivals.tenant_id
            and loads.source_system = arrivals.source_system
            and arrivals.arrival_day between loads.loaded_day - 28 and loads.loaded_day - 1
    group by loads.tenant_id, loads.source_system, loads.loaded_at
),

{# The first load of a system has no usual day to compare with: what is old in it is late anyway. #}
bulk_loads as (
    select
        load_sizes.tenant_id,
        load_sizes.source_system,
        load_sizes.loaded_at
    from load_sizes
    cross join rules
    inner join usual_days
        on
            load_sizes.tenant_id = usual_days.tenant_id
            and load_sizes.source_system = usual_days.source_system
            and load_sizes.loaded_at = usual_days.loaded_at
    where
        load_sizes.record_count >= rules.bulk_min_records
        and load_sizes.record_count >= rules.bulk_times_usual * usual_days.usual_count
),

{# An identity merge: an activity that only its person places, who was linked after it happened. #}
placed_by_person as (
    select
        recent.tenant_id,
        recent.source_system,
        recent.activity_id,
        recent.activity_day,
        recent.developer_id,
        case
            when links.valid_from_day > -1000000 then links.valid_from_day
            {#- A link without a start is as old as the world, unless a week ago the developer belonged elsewhere. #}
            when
                earlier_developers.developer_id is not null
                and coalesce(earlier_developers.account_id, '') <> recent.account_id
                then run.as_of_day
            else -1000000
        end as linked_day
    from recent
    cross join run
    inner join links
        on
            recent.developer_id = links.developer_id
            and recent.activity_day between links.from_day and links.to_day
    left join earlier_developers on recent.developer_id = earlier_developers.developer_id
    where recent.placed_by = 'developer link'
),

sightings_together as (
    select *
    from sightings
    where
        {%- for kind in kinds %}
        case when {{ kind }} is null then 0 else 1 end{{ ' +' if not loop.last }}
        {%- endfor %} > 1
),

seen_together as (
    {%- for kind in kinds %}
    select
        tenant_id,
        '{{ kind }}:' || {{ kind }} as identifier,
        {#- A contact does not say since when. #}
        coalesce(first_seen_day, -1000000) as seen_day
    from sightings_together
    where {{ kind }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

{# Which identifier a record carries matters only if one of its person's was seen together with another afterwards. #}
seen_lately as (
    select
        identifiers.developer_id,
        max(seen_together.seen_day) as last_seen_day
    from seen_together
    inner join run on seen_together.seen_day > run.as_of_day - 13
    inner join identifiers
        on
            seen_together.tenant_id = identifiers.tenant_id
            and seen_together.identifier = identifiers.identifier
    group by identifiers.developer_id
),

in_question as (
    select placed_by_person.*
    from placed_by_person
    cross join rules
    inner join seen_lately on placed_by_person.developer_id = seen_lately.developer_id
    where seen_lately.last_seen_day > placed_by_person.activity_day + rules.linked_late_after_days
),

records as (
    select all_records.*
    from all_records
    cross join run
    where all_records.activity_day > run.as_of_day - 13
),

identified as (
    select
        in_question.tenant_id,
        in_question.source_system,
        in_question.activity_id,
        in_question.activity_day,
        {{ first_identifier('records') }} as identifier
    from in_question
    inner join records
        on
            in_question.tenant_id = records.tenant_id
            and in_question.source_system = records.source_system
            and in_question.activity_id = records.activity_id
    {{ join_unlinkable('records', 'unlinkable') }}
),

carried as (
    select distinct
        tenant_id,
        identifier
    from identified
),

first_seen_together as (
    select
        carried.tenant_id,
        carried.identifier,
        min(seen_together.seen_day) as seen_day
    from carried
    inner join seen_together
        on
            carried.tenant_id = seen_together.tenant_id
            and carried.identifier = seen_together.identifier
    group by carried.tenant_id, carried.identifier
),

linked_late as (
    select
        placed_by_person.tenant_id,
        placed_by_person.source_system,
        placed_by_person.activity_id
    from placed_by_person
    cross join rules
    where placed_by_person.linked_day > placed_by_person.activity_day + rules.linked_late_after_days
    union
    select
        identified.tenant_id,
        identified.source_system,
        identified.activity_id
    from identified
    cross join rules
    inner join first_seen_together
        on
            identified.tenant_id = first_seen_together.tenant_id
            and identified.identifier = first_seen_together.identifier
    where first_seen_together.seen_day > identified.activity_day + rules.linked_late_after_days
),

judged as (
    select
        recent.account_id,
        recent.developer_id,
        recent.activity_type,
        recent.activity_day,
        recent.activity_count,
        (
            bulk_loads.tenant_id is not null
            or recent.loaded_day > recent.activity_day + rules.late_after_days
        ) as is_import,
        linked_late.activity_id is not null as is_hindsight
    from recent
    cross join rules
    left join bulk_loads
        on
            recent.tenant_id = bulk_loads.tenant_id
            and recent.source_system = bulk_loads.source_system
            and recent.loaded_at = bulk_loads.loaded_at
    left join linked_late
        on
            recent.tenant_id = linked_late.tenant_id
            and recent.source_system = linked_late.source_system
            and recent.activity_id = linked_late.activity_id
),

summed as (
    select
        account_id,
        developer_id,
        activity_type,
        activity_day,
        cast(sum(case when is_import then activity_count else 0 end) as {{ dbt.type_bigint() }}) as import_count,
        cast(sum(case when is_hindsight and not is_import then activity_count else 0 end) as {{ dbt.type_bigint() }})
            as hindsight_count
    from judged
    where is_import or is_hindsight
    group by account_id, developer_id, activity_type, activity_day
)

select * from summed
