"""Tells why a score is not what it was seven days ago, in parts that add up exactly (docs/explain.md).

Below its limits a score is 100 / threshold times its points. So each part is worked out in points and written in score
points; what the limits changed, a source's cap or the limit of 100, stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import fsum
from typing import Any

from activity_score.account_ledger import ACTIVE_DEVELOPERS, AccountLedger, SourceDay, SourceWeek
from activity_score.publish import Build
from activity_score.restatement import Publication, Restatement, restatement

SOURCE_PARTS = ("new_activity", "decay", "left_window", "developers_joined", "developers_left", "source_cap")


def score_change(
    ledger: AccountLedger,
    day: date,
    days: dict[date, dict[str, SourceDay]],
    scores: dict[date, float],
    people: list[dict[str, Any]],
    builds: Sequence[Build],
) -> dict[str, Any]:
    """Split the change of an account's score within the seven days up to a day.

    Args:
        ledger: the account's ledger.
        day: the last day.
        days: the sources by day, from `source_days`.
        scores: the score of each day as it is published or would be, 0 to 100.
        people: from `developers`, each with a name.
        builds: the published builds that are kept.

    Returns:
        `score_from` (as published then, else as drawn anew today), `score_to` and `score_change`; `parts`, which sum to
        the change to 1e-9; the first six of them by source under `sources`; the comparison with the build that
        published `score_from` under `restatement`, null if it is not kept; and who became or ceased to be active.
    """
    week_ago = day - timedelta(days=7)
    then, now = days[week_ago], days[day]
    sources = _sources(ledger, day, then, now, people)
    parts = {part: fsum(source[part] for source in sources) for part in SOURCE_PARTS}
    parts["score_limit"] = _above_100(ledger, then) - _above_100(ledger, now)
    score_then, score_now = _unrounded(then), _unrounded(now)
    published = _publication(ledger, week_ago)
    score_from = published.score if published else scores[week_ago]
    compared = restatement(ledger, published, builds, score_then) if published else None
    rounding = scores[day] - score_now
    if compared:
        for part in ("late_activity", "developers_moved", "settings_changed"):
            parts[part] = getattr(compared, part)
        parts["rounding"] = rounding - (score_from - compared.score_then)
    else:
        parts["restated"] = scores[week_ago] - score_from
        parts["rounding"] = rounding - (scores[week_ago] - score_then)
    return {
        "from_date": week_ago,
        "to_date": day,
        "score_from": score_from,
        "was_published": published is not None,
        "score_from_today": scores[week_ago],
        "score_to": scores[day],
        "score_change": round(scores[day] - score_from, 2),
        "parts": parts,
        "sources": sources,
        "restatement": _restatement(compared),
        "newly_active_developers": _named(
            [person for person in people if person["is_active"] and not person["was_active_7d_ago"]], week_ago
        ),
        "no_longer_active_developers": _named(
            [person for person in people if person["was_active_7d_ago"] and not person["is_active"]], week_ago
        ),
    }


def _sources(
    ledger: AccountLedger,
    day: date,
    then: dict[str, SourceDay],
    now: dict[str, SourceDay],
    people: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """The parts of each source; a source's change is that of its counted points, whatever the limit of 100 does."""
    scale = 100.0 / ledger.threshold
    weeks = ledger.source_weeks(day)
    joined = sum(person["is_active"] and not person["was_active_7d_ago"] for person in people)
    left = sum(person["was_active_7d_ago"] and not person["is_active"] for person in people)
    found = []
    for name in {**now, **then, **weeks}:
        before, after, week = then.get(name, SourceDay()), now.get(name, SourceDay()), weeks.get(name, SourceWeek())
        is_breadth = name == ACTIVE_DEVELOPERS
        per_developer = ledger.points_per_developer * scale if is_breadth else 0.0
        found.append(
            {
                "source": name,
                "display_name": ledger.display_names.get(name, name),
                "new_activity_count": joined if is_breadth else week.activity_count,
                "new_activity": week.new_points * scale,
                "decay": 0.0 - week.faded_points * scale,
                "left_window": 0.0 - week.left_points * scale,
                "developers_joined": joined * per_developer,
                "developers_left": 0.0 - left * per_developer,
                "source_cap": (before.points - before.capped_points - after.points + after.capped_points) * scale,
                "change": (after.capped_points - before.capped_points) * scale,
            }
        )
    return sorted(found, key=lambda source: (-abs(source["change"]), source["source"]))


def _above_100(ledger: AccountLedger, sources: dict[str, SourceDay]) -> float:
    """By how much the counted points exceed the threshold, in score points."""
    points = fsum(source.capped_points for source in sources.values())
    return max(100.0 * points / ledger.threshold - 100.0, 0.0)


def _unrounded(sources: dict[str, SourceDay]) -> float:
    return fsum(source.score_contribution for source in sources.values())


def _publication(ledger: AccountLedger, day: date) -> Publication | None:
    """What was last published for a day before this build; None if nothing was."""
    # After missed days a build publishes them itself, in the same moment as its own day.
    query = """
    with own as (
        select max(published_at) as published_at
        from published.marts.score_publications
        where as_of_date = (select max(as_of_date) from published.marts.accounts)
    ),

    of_day as (
        select publications.*
        from published.marts.score_publications as publications, own
        where publications.as_of_date = $day and publications.published_at < coalesce(own.published_at, 'infinity')
    )

    select
        arg_max(activity_score, published_at) filter (where account_id = $account),
        coalesce(max(published_at) filter (where account_id = $account), max(published_at)),
    from of_day
    having count(*) > 0
    """
    found = ledger.connection.execute(query, {"account": ledger.account_id, "day": day}).fetchone()
    return Publication(day, float(found[0] or 0), found[1]) if found else None


def _restatement(compared: Restatement | None) -> dict[str, Any] | None:
    if compared is None:
        return None
    counts = ("build_id", "late_activities", "removed_activities", "moved_in", "moved_out", "settings")
    return {name: getattr(compared, name) for name in counts}


def _named(people: Sequence[dict[str, Any]], week_ago: date) -> list[dict[str, Any]]:
    names = ["developer_id", "display_name", "job_title", "points", "last_activity_at"]
    return [
        {**{name: person[name] for name in names}, "is_first_time": person["first_activity_at"].date() > week_ago}
        for person in people
    ]
