"""Explains one account's score: what it is made of, down to the single activity, and what moved it in seven days.

Every number is either read from the published build or a sum over its ledger (`account_ledger`); nothing is estimated,
and the sums meet the published score. Units: points are weights after role and decay; score points are 0 to 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import fsum
from pathlib import Path
from typing import Any

from activity_score.account_ledger import ACTIVE_DEVELOPERS, AccountLedger, SourceDay
from activity_score.errors import UserError
from activity_score.publish import Build
from activity_score.published import find_account, open_published
from activity_score.score_change import score_change

TREND_DAYS = 90
LOOK_BACK_DAYS = TREND_DAYS + 30  # a change over 30 days and the surge rule look behind the first day of the trend
ACCOUNT_COLUMNS = [
    "account_id",
    "tenant_id",
    "account_name",
    "account_domain",
    "is_in_crm",
    "crm_account_id",
    "owner_name",
    "owner_email",
    "lifecycle_stage",
]
NOTHING = SourceDay()


def explain(
    database: Path,
    account: str,
    as_of: date | None = None,
    events: bool = False,
    tenant: str | None = None,
    builds: Sequence[Build] = (),
) -> dict[str, Any]:
    """Explain the score of one account.

    Args:
        database: path of the published `marts.duckdb`; opened read-only.
        account: account id, domain or name.
        as_of: a day of the published 90-day trend to explain instead of the build's own as-of day; recomputed from
            the ledger under the same model version.
        events: also list each activity in the window with its points.
        tenant: which tenant's account, where several have one of this name.
        builds: the published builds that are kept; one of them may tell why a score is another than it was published.

    Returns:
        What `--json` prints: numbers, texts, lists and dictionaries only; dates as ISO text, moments in UTC.

    Raises:
        UserError: no or several accounts fit, there is no published build, or the day is outside of the trend.
    """
    connection = open_published(database)
    try:
        row = find_account(connection, account, tenant)
        day = _explained_day(row["as_of_date"], as_of)
        ledger = AccountLedger(connection, row)
        days = ledger.source_days(day - timedelta(days=LOOK_BACK_DAYS), day)
        scores = _scores(ledger, days)
        people = _with_names(ledger.developers(day))
        explanation = {
            "account": {name: row[name] for name in ACCOUNT_COLUMNS},
            "as_of_date": day,
            "published_as_of_date": row["as_of_date"],
            "score": _score(row, day, days, scores, ledger),
            "bands": [{"category": name, "lower_bound": bound} for name, bound in ledger.bands.items()],
            "model": _model(ledger),
            "trend": [
                {"score_date": score_date, "activity_score": score, "activity_category": _band(score, ledger.bands)}
                for score_date, score in list(scores.items())[-TREND_DAYS:]
            ],
            "sources": _sources(ledger, day, days[day]),
            "sum": _sum(ledger, days[day], scores[day]),
            "developers": _developers(people),
            "last_7_days": score_change(ledger, day, days, scores, people, builds),
            "excluded": ledger.excluded(day),
        }
        if events:
            explanation |= _events(ledger, day, days[day], people)
    finally:
        connection.close()
    return _json_safe(explanation)


def _explained_day(published: date, wanted: date | None) -> date:
    """The day to explain: the build's own, or the wanted one if it lies in the published trend."""
    day = wanted or published
    first = published - timedelta(days=TREND_DAYS - 1)
    if not first <= day <= published:
        raise UserError(
            f"--as-of {day}: the published trend runs from {first} to {published}; "
            f"choose a day in it, or build that day with `activity-score build --as-of {day}`"
        )
    return day


def _scores(ledger: AccountLedger, days: dict[date, dict[str, SourceDay]]) -> dict[date, float]:
    """The score of each day: the published one where there is one, else summed from the ledger and rounded."""
    published = ledger.connection.execute(
        "select score_date, activity_score from published.marts.account_scores_daily where account_id = ?",
        [ledger.account_id],
    ).fetchall()
    known = {score_date: float(score) for score_date, score in published}
    return {day: known.get(day, _rounded(_unrounded(sources))) for day, sources in days.items()}


def _score(
    row: dict[str, Any],
    day: date,
    days: dict[date, dict[str, SourceDay]],
    scores: dict[date, float],
    ledger: AccountLedger,
) -> dict[str, Any]:
    """The head numbers of a day: as published for the build's own day, by the same rules for an earlier one."""
    score = scores[day]
    before = [scores[day - timedelta(days=back)] for back in range(TREND_DAYS)]
    uncapped = [fsum(source.points for source in days[day - timedelta(days=back)].values()) for back in (0, 7, 14, 21)]
    usual = fsum(uncapped[1:]) / 3
    momentum = uncapped[0] / usual - 1 if usual else None
    surge_started_on, surge_ends_on = _surge(scores, day)
    low = next(iter(ledger.bands))
    result = {
        "activity_score": score,
        "activity_category": _band(score, ledger.bands),
        "engagement_label": _engagement_label(score),
        "score_change_7d": _difference(score, before[7]),
        "score_change_30d": _difference(score, before[30]),
        "momentum": momentum,
        "score_trend": _score_trend(momentum),
        "has_activity_surge": surge_started_on is not None,
        "surge_started_on": surge_started_on,
        "surge_ends_on": surge_ends_on,
        "surge_cause": None,  # known for the build's own day only: it depends on what had arrived by then
        "drop_off_risk": _difference(score, before[28]) <= -20
        or (_band(score, ledger.bands) == low and any(_band(earlier, ledger.bands) != low for earlier in before)),
        "active_developers_30d": days[day].get(ACTIVE_DEVELOPERS, NOTHING).activity_count,
    }
    if day == row["as_of_date"]:
        result |= {name: row[name] for name in result if name in row}
    return {"unrounded_score": _unrounded(days[day]), **result}


def _surge(scores: dict[date, float], day: date) -> tuple[date | None, date | None]:
    """First and last day of the surge that holds on a day; both null without one."""

    def is_surge_day(surge_day: date) -> bool:
        week = [scores.get(surge_day - timedelta(days=back), 0.0) for back in range(8)]
        return _difference(week[0], week[7]) > 40 and week[0] > max(week[1:7])

    surge_days = [surge_day for surge_day in scores if surge_day <= day and is_surge_day(surge_day)]
    if not surge_days or surge_days[-1] < day - timedelta(days=6):
        return None, None
    started = surge_days[-1]
    for earlier in reversed(surge_days):
        if earlier < started - timedelta(days=7):
            break
        started = earlier
    return started, surge_days[-1] + timedelta(days=6)


def _model(ledger: AccountLedger) -> dict[str, Any]:
    names = ["model_version", "effective_from", "calibrated_on", "account_threshold", "developer_threshold"]
    return {
        **{name: ledger.model[name] for name in [*names, "owner", "reason"]},
        "window_days": ledger.window_days,
        "points_per_active_developer": ledger.points_per_developer,
    }


def _sources(ledger: AccountLedger, day: date, sources: dict[str, SourceDay]) -> list[dict[str, Any]]:
    """One entry per source with activity in the window, the largest contribution first."""
    new_counts = ledger.new_activity_counts(day)
    return [
        {
            "source": name,
            "display_name": ledger.display_names.get(name, name),
            "activity_count_in_window": source.activity_count,
            "activity_count_7d": new_counts.get(name, 0),
            "points": source.points,
            "cap_loss": source.points - source.capped_points,
            "capped_points": source.capped_points,
            "score_contribution": source.score_contribution,
        }
        for name, source in sources.items()
    ]


def _sum(ledger: AccountLedger, sources: dict[str, SourceDay], score: float) -> dict[str, Any]:
    """The column sums, and how they become the published score."""
    points = fsum(source.points for source in sources.values())
    capped_points = fsum(source.capped_points for source in sources.values())
    unrounded = _unrounded(sources)
    return {
        "uncapped_points": points,
        "cap_loss": points - capped_points,
        "engagement_points": capped_points,
        "account_threshold": ledger.threshold,
        "points_for_100": max(ledger.threshold, capped_points),
        "unrounded_score": unrounded,
        "activity_score": score,
        "adds_up": abs(_rounded(unrounded) - score) < 0.005,
    }


def _with_names(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give everyone a name to be called by: the display name, else the login, else the address."""
    for person in people:
        person["display_name"] = person["display_name"] or person.pop("github_login") or person["email"]
        if person["developer_id"] is None:
            person["display_name"] = "(unattributed)"
        elif person["display_name"] is None:
            person["display_name"] = f"developer {person['developer_id'][:8]}"
    return people


def _developers(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those who have a part in the score, the largest first; the shares sum to 1."""
    total = fsum(person["points"] for person in people)
    kept = ["developer_id", "display_name", "email", "job_title", "developer_tags", "role_weight", "has_moved_on"]
    kept += ["counted_activities", "is_active", "points"]
    return [
        {
            **{name: person[name] for name in kept},
            "share_of_points": person["points"] / total if total else 0.0,
            "last_activity_at": person["last_activity_at"],
        }
        for person in people
        if person["points"] > 0 or person["counted_activities"] > 0
    ]


def _events(
    ledger: AccountLedger, day: date, sources: dict[str, SourceDay], people: list[dict[str, Any]]
) -> dict[str, Any]:
    """Each activity in the window, and the lines that are no activity: active developers and caps.

    `score_points` of both lists sum to the unrounded score. `share_of_score` spreads a source's cap loss over its
    activities in proportion, so that the shares of activities and active developers sum to 1.
    """
    scale = _scale(ledger, sources)
    unrounded = _unrounded(sources)

    def share(source: str, points: float) -> float:
        of_source = sources.get(source, NOTHING)
        if not (of_source.points and unrounded):
            return 0.0
        return points / of_source.points * of_source.score_contribution / unrounded

    events = [
        {**event, "score_points": event["points"] * scale, "share_of_score": share(event["source"], event["points"])}
        for event in ledger.events(day)
    ]
    adjustments = [
        {
            "adjustment": "active_developer",
            "source": ACTIVE_DEVELOPERS,
            "developer_id": person["developer_id"],
            "display_name": person["display_name"],
            "points": ledger.points_per_developer,
            "score_points": ledger.points_per_developer * scale,
            "share_of_score": share(ACTIVE_DEVELOPERS, ledger.points_per_developer),
        }
        for person in people
        if person["is_active"]
    ] + [
        {
            "adjustment": "source_cap",
            "source": name,
            "developer_id": None,
            "display_name": None,
            "points": source.capped_points - source.points,
            "score_points": (source.capped_points - source.points) * scale,
            "share_of_score": 0.0,
        }
        for name, source in sources.items()
        if source.capped_points < source.points
    ]
    return {"events": events, "adjustments": adjustments}


def _scale(ledger: AccountLedger, sources: dict[str, SourceDay]) -> float:
    """Score points per counted point."""
    return 100.0 / max(ledger.threshold, fsum(source.capped_points for source in sources.values()))


def _unrounded(sources: dict[str, SourceDay]) -> float:
    return fsum(source.score_contribution for source in sources.values())


def _rounded(score: float) -> float:
    """The published precision: two decimals, half up; noise of the sum beyond twelve decimals decides nothing."""
    return float(Decimal(repr(round(score, 12))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _difference(score: float, earlier: float) -> float:
    """The difference of two published scores, without the noise of binary fractions."""
    return round(score - earlier, 2)


def _band(score: float, bands: dict[str, float]) -> str:
    return [category for category, lower_bound in bands.items() if score >= lower_bound][-1]


def _engagement_label(score: float) -> str:
    labels = {20: "minimal", 60: "moderate", 80: "good", 100: "strong"}
    return next((label for bound, label in labels.items() if score < bound), "continuous")


def _score_trend(momentum: float | None) -> str:
    if momentum is None or -0.10 <= momentum <= 0.10:
        return "steady"
    return "rising" if momentum > 0 else "falling"


def _json_safe(value: Any) -> Any:
    """The same structure with dates and moments as ISO text and decimals as numbers."""
    if isinstance(value, dict):
        return {key: _json_safe(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json_safe(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
