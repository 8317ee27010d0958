"""The published tables, one function per table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from reference.domains import account_key
from reference.history import BREADTH, AccountHistory
from reference.points import decay
from reference.roles import job_title
from reference.rounding import cents, published
from reference.settings import day_date

if TYPE_CHECKING:
    from reference.engine import Tenant

TREND_DAYS = 90
Row = dict[str, Any]


def trend_days(tenant: Tenant, first_day: int | None) -> range:
    """The days of the trend: 90 up to the as-of day, from the account's first day on."""
    start = tenant.as_of - TREND_DAYS + 1
    return range(0) if first_day is None else range(max(start, first_day), tenant.as_of + 1)


def scale(tenant: Tenant, account: AccountHistory, day: int) -> float:
    """Score points per engagement point: 100 over the threshold, or over E where E is larger."""
    threshold = tenant.model.account_threshold
    return 100.0 / max(threshold, account.engagement(day, threshold))


def ledger(tenant: Tenant) -> list[Row]:
    """One row per activity."""
    rows = []
    for activity in tenant.activities:
        kind = tenant.settings.by_type.get(activity["activity_type"], {})
        source = kind.get("source")
        role, left, points, score_points = tenant.role_weights.get(activity["developer"], 1.0), 0.0, 0.0, 0.0
        if activity["disposition"] != "excluded":
            age, window = tenant.as_of - activity["day"], tenant.settings.window_days(tenant.tenant_id)
            left = decay(age, tenant.settings.by_source[source]["half_life_days"], window)
            points = activity["units"] * kind["weight"] * role * left
            if not tenant.settings.is_third_party(source):
                score_points = points * scale(tenant, tenant.accounts[activity["domain"]], tenant.as_of)
        rows.append({
            "activity_id": activity["activity_id"],
            "tenant_id": tenant.tenant_id,
            "source_system": activity["source_system"],
            "source": source,
            "activity_type": activity["activity_type"],
            "occurred_at": activity["occurred_at"],
            "developer_id": activity["developer"],
            "account_id": None if activity["domain"] is None else account_key(tenant.tenant_id, activity["domain"]),
            "weight": kind.get("weight"),
            "role_weight": role,
            "decay_factor": left,
            "engagement_points": points,
            "score_points": score_points,
            "disposition": activity["disposition"],
            "disposition_reason": activity["reason"],
        })  # fmt: skip
    return rows


def adjustments(tenant: Tenant) -> list[Row]:
    """One row per account and what its ledger lacks: each active developer's points, each source's loss to its cap."""
    rows = []
    for domain, account in tenant.accounts.items():
        capped = account.capped(tenant.as_of, tenant.model.account_threshold)
        lines = [
            ("active_developer", BREADTH, developer, account.points_per_developer)
            for developer in account.active_developers(tenant.as_of)
        ] + [
            ("source_cap", source, None, capped[source] - points)
            for source, points in account.source_points(tenant.as_of).items()
            if capped[source] < points
        ]
        for adjustment, source, developer, points in lines:
            rows.append({
                "account_id": account_key(tenant.tenant_id, domain),
                "adjustment": adjustment,
                "source": source,
                "developer_id": developer,
                "engagement_points": points,
                "score_points": points * scale(tenant, account, tenant.as_of),
            })  # fmt: skip
    return rows


def account_days(tenant: Tenant) -> list[Row]:
    """One row per account and day of the trend."""
    rows = []
    threshold = tenant.model.account_threshold
    for domain, account in tenant.accounts.items():
        for day in trend_days(tenant, account.first_day):
            score = account.score(day, threshold)
            rows.append({
                "account_id": account_key(tenant.tenant_id, domain),
                "score_date": day_date(day),
                "activity_score": published(score),
                "activity_category": tenant.settings.category(score),
                "engagement_points": account.engagement(day, threshold),
                "uncapped_points": account.uncapped(day),
                "score_change_7d": published(score - account.score(day - 7, threshold)),
                "is_surge_day": account.is_surge_day(day, threshold),
                "has_activity_surge": account.has_surge(day, threshold),
                "active_developers_30d": len(account.active_developers(day)),
                "model_version": tenant.model.model_version,
            })  # fmt: skip
    return rows


def account_source_days(tenant: Tenant) -> list[Row]:
    """One row per account, day and source with volume or points."""
    rows = []
    threshold = tenant.model.account_threshold
    for domain, account in tenant.accounts.items():
        for day in trend_days(tenant, account.first_day):
            capped, per_point = account.capped(day, threshold), scale(tenant, account, day)
            for source, points in account.source_points(day).items():
                volume = account.volume[source].get(day, 0) if source in account.volume else 0
                if source == BREADTH:
                    volume = len(account.active_developers(day))
                if points > 0 or volume > 0:
                    rows.append({
                        "account_id": account_key(tenant.tenant_id, domain),
                        "score_date": day_date(day),
                        "source": source,
                        "activity_count": volume,
                        "engagement_points": points,
                        "score_contribution": capped[source] * per_point,
                    })  # fmt: skip
    return rows


def developer_days(tenant: Tenant) -> list[Row]:
    """One row per developer and day of the trend with a score above 0."""
    rows = []
    threshold = tenant.model.developer_threshold
    for developer, history in tenant.developers.items():
        home = tenant.home_of[developer]
        for day in range(tenant.as_of - TREND_DAYS + 1, tenant.as_of + 1):
            score = history.score(day, threshold)
            if score > 0:
                rows.append({
                    "developer_id": developer,
                    "account_id": None if home is None else account_key(tenant.tenant_id, home),
                    "score_date": day_date(day),
                    "activity_score": published(score),
                    "developer_points": history.points(day),
                })  # fmt: skip
    return rows


def accounts(tenant: Tenant) -> list[Row]:
    """One row per account, as of the as-of day."""
    return [account_row(tenant, domain, account) for domain, account in tenant.accounts.items()]


def account_row(tenant: Tenant, domain: str, account: AccountHistory) -> Row:
    """One account."""
    today, threshold = tenant.as_of, tenant.model.account_threshold
    score = account.score(today, threshold)
    trend = trend_days(tenant, account.first_day)
    change = momentum(account, today)
    surge_start, surge_end = surge_episode(account, today, threshold)
    low = tenant.settings.lowest_category()
    was_higher = any(tenant.settings.category(account.score(day, threshold)) != low for day in trend)
    fell = account.score(today - 28, threshold) - score >= 2000
    involved = {
        activity["developer"]
        for activity in account.activities
        if activity["developer"] is not None and activity["day"] > today - account.window
    }
    contributions = {source: points for source, points in account.capped(today, threshold).items() if points > 0}
    return {
        "account_id": account_key(tenant.tenant_id, domain),
        "tenant_id": tenant.tenant_id,
        "account_domain": domain,
        "is_in_crm": domain in tenant.domains.crm,
        "activity_score": published(score),
        "activity_category": tenant.settings.category(score),
        "engagement_label": engagement_label(score),
        "is_strong": score >= 8000,
        "is_continuous": score == 10000 and is_continuous(tenant, account),
        "score_change_7d": published(score - account.score(today - 7, threshold)),
        "score_change_30d": published(score - account.score(today - 30, threshold)),
        "momentum": change,
        "score_trend": trend_of(change),
        "has_activity_surge": account.has_surge(today, threshold),
        "surge_started_on": surge_start,
        "surge_ends_on": surge_end,
        "drop_off_risk": fell or (tenant.settings.category(score) == low and was_higher),
        "active_developers_7d": len(account.active_developers(today, days=7)),
        "active_developers_30d": len(account.active_developers(today)),
        "identified_developers": len(involved),
        "has_buyer": any(tenant.is_buyer(name) for name, home in tenant.home_of.items() if home == domain),
        "buyer_engaged": any(tenant.is_buyer(name) for name in account.active_developers(today, account.window)),
        "top_source": largest(contributions),
        "contributing_sources": len(contributions),
        "last_activity_at": max((activity["occurred_at"] for activity in account.activities), default=None),
        "intent_score": published(cents(intent_score(tenant, account))),
        "as_of_date": day_date(today),
        "model_version": tenant.model.model_version,
    }  # fmt: skip


def momentum(account: AccountHistory, day: int) -> float | None:
    """U against its mean 7, 14 and 21 days ago, minus 1; null where that mean is 0."""
    before = sum(account.uncapped(day - back) for back in (7, 14, 21)) / 3
    return account.uncapped(day) / before - 1 if before > 0 else None


def trend_of(change: float | None) -> str:
    """A tenth more or less is still steady; nine decimals, since 1.1 - 1 is more than 0.1 as a double."""
    if change is None or round(abs(change), 9) <= 0.10:
        return "steady"
    return "rising" if change > 0 else "falling"


def surge_episode(account: AccountHistory, day: int, threshold: float) -> tuple[Any, Any]:
    """First and last day of the surge that is on: the unbroken run of surging days; the last is known in advance."""
    if not account.has_surge(day, threshold):
        return None, None
    start = day
    while account.has_surge(start - 1, threshold):
        start -= 1
    newest = max(earlier for earlier in range(day - 6, day + 1) if account.is_surge_day(earlier, threshold))
    return day_date(start), day_date(newest + 6)


def is_continuous(tenant: Tenant, account: AccountHistory) -> bool:
    """Counted activity of at least two event sources within the window, and in each of the last four weeks."""
    days = {
        source: {day for day in account.counted_days[source] if tenant.as_of - account.window < day <= tenant.as_of}
        for source in tenant.settings.event_sources()
        if source in account.counted_days
    }
    weeks = {(tenant.as_of - day) // 7 for found in days.values() for day in found}
    return sum(bool(found) for found in days.values()) >= 2 and {0, 1, 2, 3} <= weeks


def engagement_label(score: int) -> str:
    """minimal < 20 <= moderate < 60 <= good < 80 <= strong < 100 = continuous; the score in hundredths."""
    bounds = ((10000, "continuous"), (8000, "strong"), (6000, "good"), (2000, "moderate"), (0, "minimal"))
    return next(label for bound, label in bounds if score >= bound)


def largest(points_by_source: dict[str, float]) -> str | None:
    """The source with the most points; of equals the first by name."""
    return min(points_by_source, key=lambda source: (-points_by_source[source], source), default=None)


def intent_score(tenant: Tenant, account: AccountHistory) -> float:
    """Third-party points against the account threshold."""
    points = sum(
        account.event_points(row["source"], tenant.as_of)
        for row in tenant.settings.seeds["sources"]
        if row["party"] == "third"
    )
    return min(100.0, 100.0 * points / tenant.model.account_threshold)


def developers(tenant: Tenant) -> list[Row]:
    """One row per developer who is not excluded."""
    rows = []
    for developer, history in tenant.developers.items():
        score = history.score(tenant.as_of, tenant.model.developer_threshold)
        moments = [activity["occurred_at"] for activity in history.activities]
        domain = tenant.home_of[developer]
        rows.append({
            "developer_id": developer,
            "tenant_id": tenant.tenant_id,
            "account_id": None if domain is None else account_key(tenant.tenant_id, domain),
            "job_title": job_title(tenant.contacts_of.get(developer, [])),
            "role_weight": tenant.role_weights.get(developer, 1.0),
            "is_buyer": tenant.is_buyer(developer),
            "activity_score": published(score),
            "activity_category": tenant.settings.category(score),
            "first_activity_at": min(moments, default=None),
            "last_activity_at": max(moments, default=None),
            "top_source": largest({s: p for s, p in history.source_points(tenant.as_of).items() if p > 0}),
            "as_of_date": day_date(tenant.as_of),
        })  # fmt: skip
    return rows


def reconciliation(tenant: Tenant) -> list[Row]:
    """One row per source system and disposition: how many raw activity records it took."""
    counts = Counter((activity["disposition"], activity["reason"]) for activity in tenant.activities)
    counts["excluded", "duplicate"] += tenant.not_in_ledger["duplicate"]
    counts["rejected", None] += tenant.not_in_ledger["rejected"]
    return [
        {"source_system": "generic", "disposition": disposition, "disposition_reason": reason, "record_count": count}
        for (disposition, reason), count in counts.items()
        if count > 0
    ]


def add_up(rows: list[Row]) -> list[Row]:
    """The reconciliation of all tenants together: the published one has no tenant."""
    totals: Counter = Counter()
    for row in rows:
        totals[row["source_system"], row["disposition"], row["disposition_reason"]] += row["record_count"]
    return [
        {"source_system": system, "disposition": disposition, "disposition_reason": reason, "record_count": count}
        for (system, disposition, reason), count in totals.items()
    ]
