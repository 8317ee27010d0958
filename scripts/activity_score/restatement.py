"""Why a score is another today than it was published: what came late, who moved, which settings changed.

A score is always drawn anew under today's data and settings. The build that published it then is compared with
today's, one step after another: its own ledger under its own settings; with the activities that have arrived or gone
since; with the people and accounts of today; under the settings of today. Each step is what it does to the score, so
the steps add up whatever they are (docs/explain.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from activity_score.account_ledger import ACTIVE_DAYS, ACTIVE_DEVELOPERS, AccountLedger, read_settings
from activity_score.publish import Build
from activity_score.published import rows
from activity_score.sources import literal

# What weighs activities; the other settings name things, or come after the score.
BY_TYPE = ("weight", "daily_cap")
BY_SOURCE = ("half_life_days", "max_threshold_share", "party")
OF_TENANT = ("window_days", "points_per_active_developer", "account_threshold")
Settings = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Restatement:
    """What became of a published score since.

    Attributes:
        build_id: the build that published it.
        score_then: the score it was published as, before rounding.
        late_activity: score points of activities that arrived, were corrected or vanished since.
        developers_moved: score points of activities that came to the account or left it since, because people or
            accounts were joined, moved, excluded or given another role.
        settings_changed: score points of other weights, caps, half-lives, window and thresholds.
        late_activities, removed_activities: how many activities arrived and vanished.
        moved_in, moved_out: how many came to the account and left it.
        settings: the settings that changed and concern the account: `setting`, `key`, `before`, `after`.
    """

    build_id: str
    score_then: float
    late_activity: float
    developers_moved: float
    settings_changed: float
    late_activities: int
    removed_activities: int
    moved_in: int
    moved_out: int
    settings: list[dict[str, Any]]


@dataclass(frozen=True)
class Publication:
    """A score as it was published.

    Attributes:
        day: the scored day.
        score: the score; 0 if the account was not there.
        published_at: when it was published, UTC.
    """

    day: date
    score: float
    published_at: datetime


def restatement(
    ledger: AccountLedger, published: Publication, builds: Sequence[Build], restated_score: float
) -> Restatement | None:
    """Compare the score that was published for a day with what it is today.

    Args:
        ledger: today's ledger of the account.
        published: what was published.
        builds: the builds that are kept, in the order of their publication.
        restated_score: the score of that day today, before rounding.

    Returns:
        The comparison; None if no build is kept that published this score.
    """
    moment, day = published.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"), published.day.isoformat()
    # The build that published it first; else one that published it again, which is not written down twice.
    by_moment = [build for build in builds if build.manifest.get("published_at") == moment]
    by_day = [build for build in reversed(builds) if build.manifest.get("as_of_date") == day]
    for build in (*by_moment, *by_day):
        ledger.connection.execute(f"attach {literal(str(build.marts))} as earlier (read_only)")
        try:
            settings = read_settings(ledger.connection, ledger.tenant_id, "earlier") or ledger.settings
            score_then = _score_then(ledger, published, settings)
            if score_then is not None:
                return _compared(ledger, published.day, score_then, settings, build.id, restated_score)
        finally:
            ledger.connection.execute("detach earlier")
    return None


def _score_then(ledger: AccountLedger, published: Publication, settings: Settings) -> float | None:
    """The score of the day before rounding, in the attached build; None if that build published another one."""
    query = """
    select activity_score, engagement_points
    from earlier.marts.account_scores_daily
    where account_id = ? and score_date = ?
    """
    found = ledger.connection.execute(query, [ledger.account_id, published.day]).fetchone() or (0.0, 0.0)
    if float(found[0]) != published.score:
        return None
    return min(100.0, 100.0 * found[1] / float(settings["account_threshold"][""]))


def _compared(
    ledger: AccountLedger, day: date, score_then: float, settings: Settings, build_id: str, restated_score: float
) -> Restatement:
    connection = ledger.connection
    _compare_activities(ledger, day, settings)
    late, moved = (_score(connection, step, settings, day) for step in ("with_late", "with_moved"))
    counts = connection.execute(
        """
        select
            count(*) filter (where is_here_now and not was_known),
            count(*) filter (where was_here and not is_known),
            count(*) filter (where is_here_now and was_known and not was_here),
            count(*) filter (where was_here and is_known and not is_here_now),
        from compared_activities
        """
    ).fetchone()
    changed = _changed_settings(connection, settings, ledger.settings)
    return Restatement(
        build_id, score_then, late - score_then, moved - late, restated_score - moved, *counts, settings=changed
    )


def _compare_activities(ledger: AccountLedger, day: date, settings_then: Settings) -> None:
    """Every activity that counts at the account in one of the two builds, as both have it."""
    connection = ledger.connection
    reach = max(int(settings["window_days"][""]) for settings in (settings_then, ledger.settings))
    connection.execute(
        """
        create or replace temp table compared_activities as
        with here as (
            select source_system, activity_id
            from published.marts.activity_ledger
            where
                account_id = $account and disposition <> 'excluded'
                and cast(occurred_at as date) between $first and $day
            union
            select source_system, activity_id
            from earlier.marts.activity_ledger
            where
                account_id = $account and disposition <> 'excluded'
                and cast(occurred_at as date) between $first and $day
        ),

        now as (
            select ledger.*, ledger.account_id = $account and ledger.disposition <> 'excluded' as is_here
            from published.marts.activity_ledger as ledger
            inner join here using (source_system, activity_id)
            where ledger.tenant_id = $tenant
        ),

        before as (
            select ledger.*, ledger.account_id = $account and ledger.disposition <> 'excluded' as is_here
            from earlier.marts.activity_ledger as ledger
            inner join here using (source_system, activity_id)
            where ledger.tenant_id = $tenant
        ),

        role_weights as (
            select people.developer_id, max(cast(tag_weights.value as double)) as role_weight
            from published.marts.developers as people
            cross join unnest(string_split(people.developer_tags, '; ')) as tags(tag)
            inner join earlier.marts.scoring_settings as tag_weights
                on
                    tag_weights.tenant_id = $tenant and tag_weights.setting = 'role_weight'
                    and tags.tag = tag_weights.key
            group by people.developer_id
        )

        select
            now.activity_id is not null as is_known,
            before.activity_id is not null as was_known,
            coalesce(now.is_here, false) as is_here_now,
            coalesce(before.is_here, false) as was_here,
            now.developer_id,
            before.developer_id as developer_id_then,
            coalesce(now.activity_type, before.activity_type) as activity_type,
            coalesce(now.source, before.source) as source,
            cast(coalesce(now.occurred_at, before.occurred_at) as date) as activity_date,
            coalesce(now.activity_count, before.activity_count) as activity_count,
            coalesce(role_weights.role_weight, 1.0) as role_weight,
            before.role_weight as role_weight_then,
        from here
        left join now using (source_system, activity_id)
        left join before using (source_system, activity_id)
        left join role_weights on now.developer_id = role_weights.developer_id
        """,
        {
            "account": ledger.account_id,
            "tenant": ledger.tenant_id,
            "first": date.fromordinal(day.toordinal() - max(reach, ACTIVE_DAYS) + 1),
            "day": day,
        },
    )
    # Who it was and where it counted as then, the activity itself as today; then all of it as today.
    connection.execute(
        """
        create or replace temp view with_late as
        select
            activity_type, source, activity_date, activity_count,
            case when was_known then developer_id_then else developer_id end as developer_id,
            case when was_known then role_weight_then else role_weight end as role_weight,
        from compared_activities
        where is_known and (was_here or (is_here_now and not was_known));

        create or replace temp view with_moved as
        select activity_type, source, activity_date, activity_count, developer_id, role_weight
        from compared_activities
        where is_here_now
        """
    )


def _score(connection: duckdb.DuckDBPyConnection, activities: str, settings: Settings, day: date) -> float:
    """The score of some activities under some settings, before rounding: sections 1, 2 and 4 of the scoring model."""
    types = [name for name in settings["weight"] if name in settings["daily_cap"]]
    sources = [name for name in settings["max_threshold_share"] if settings["party"].get(name) != "third"]
    query = f"""
    with types as (
        select
            unnest($types) as activity_type,
            cast(unnest($weights) as double) as weight,
            cast(unnest($caps) as bigint) as daily_cap,
    ),

    sources as (
        select
            unnest($sources) as source,
            cast(unnest($half_lives) as double) as half_life_days,
            cast(unnest($shares) as double) * $threshold as cap_points,
    ),

    counted as (
        select
            activities.developer_id,
            activities.activity_type,
            activities.activity_date,
            activities.source,
            sources.half_life_days,
            min(activities.role_weight) as role_weight,
            any_value(types.weight) * least(sum(activities.activity_count), any_value(types.daily_cap)) as points,
        from {activities} as activities
        inner join types on activities.activity_type = types.activity_type
        inner join sources on activities.source = sources.source
        where activities.activity_date <= $day
        group by all
    ),

    source_points as (
        select source, sum(points * role_weight * pow(2.0, -($day - activity_date) / half_life_days)) as points
        from counted
        where activity_date > $day - $window_days
        group by source
        union all
        select $active_developers, $points_per_developer * count(distinct developer_id)
        from counted
        where points > 0 and activity_date > $day - $active_days
    )

    select coalesce(sum(least(source_points.points, sources.cap_points)), 0)
    from source_points
    inner join sources on source_points.source = sources.source
    """
    threshold = float(settings["account_threshold"][""])
    parameters = {
        "types": types,
        "weights": [settings["weight"][name] for name in types],
        "caps": [settings["daily_cap"][name] for name in types],
        "sources": sources,
        "half_lives": [settings["half_life_days"].get(name) for name in sources],
        "shares": [settings["max_threshold_share"][name] for name in sources],
        "threshold": threshold,
        "day": day,
        "window_days": int(settings["window_days"][""]),
        "active_days": ACTIVE_DAYS,
        "active_developers": ACTIVE_DEVELOPERS,
        "points_per_developer": float(settings["points_per_active_developer"][""]),
    }
    (points,) = connection.execute(query, parameters).fetchone()
    return min(100.0, 100.0 * points / threshold)


def _changed_settings(connection: duckdb.DuckDBPyConnection, before: Settings, after: Settings) -> list[dict[str, Any]]:
    """The settings that changed, of the tenant and of the types, sources and tags that the account has."""
    kinds = rows(connection, "select distinct activity_type, source from compared_activities")
    types, sources = ({row[column] for row in kinds} for column in ("activity_type", "source"))
    query = """
    select distinct unnest(string_split(developer_tags, '; ')) as tag
    from published.marts.developers
    where developer_id in (select developer_id from compared_activities)
    """
    tags = {row["tag"] for row in rows(connection, query)}
    concerned = [
        *((setting, {""}) for setting in OF_TENANT),
        *((setting, types) for setting in BY_TYPE),
        *((setting, sources | {ACTIVE_DEVELOPERS}) for setting in BY_SOURCE),
        ("role_weight", tags),
    ]
    return [
        {"setting": setting, "key": key or None, "before": before[setting].get(key), "after": after[setting].get(key)}
        for setting, keys in concerned
        for key in sorted(keys)
        if before[setting].get(key) != after[setting].get(key)
    ]
