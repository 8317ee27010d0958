"""The change of a score within seven days, in the parts that docs/explain.md defines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference.domains import account_key
from reference.history import BREADTH, AccountHistory
from reference.points import decay
from reference.rounding import cents
from reference.settings import day_date

if TYPE_CHECKING:
    from reference.engine import Tenant

WEEK = 7
Row = dict[str, Any]


def score_changes(tenant: Tenant) -> list[Row]:
    """One row per account and part of the change up to the as-of day; what was published before is not in it."""
    return [
        {
            "account_id": account_key(tenant.tenant_id, domain),
            "as_of_date": day_date(tenant.as_of),
            "component": component,
            "source": source,
            "points": points,
        }
        for domain, account in tenant.accounts.items()
        for (component, source), points in parts(account, tenant.as_of, tenant.model.account_threshold).items()
    ]


def parts(account: AccountHistory, day: int, threshold: float) -> dict[tuple[str, str | None], float]:
    """The parts by component and source, in score points."""
    then = day - WEEK
    found: dict[tuple[str, str | None], float] = {}
    for source in account.settings.event_sources():
        found |= {
            (component, source): points
            for component, points in source_parts(account, source, day).items()
        }  # fmt: skip
    was_active, is_active = set(account.active_developers(then)), set(account.active_developers(day))
    found["developers_joined", BREADTH] = account.points_per_developer * len(is_active - was_active)
    found["developers_left", BREADTH] = -account.points_per_developer * len(was_active - is_active)
    for source in account.source_points(day):
        lost = [account.source_points(at)[source] - account.capped(at, threshold)[source] for at in (then, day)]
        found["source_cap", source] = lost[0] - lost[1]
    found = {name: 100 * points / threshold for name, points in found.items()}

    above = [max(0.0, 100 * account.engagement(at, threshold) / threshold - 100) for at in (then, day)]
    found["score_limit", None] = above[0] - above[1]
    rounding = [
        cents(account.exact_score(at, threshold)) / 100 - account.exact_score(at, threshold) for at in (then, day)
    ]
    found["rounding", None] = rounding[1] - rounding[0]
    return found


def source_parts(account: AccountHistory, source: str, day: int) -> dict[str, float]:
    """New, faded and too old, in points, one day of activity after another."""
    half_life = account.settings.by_source[source]["half_life_days"]
    found = {"new_activity": 0.0, "decay": 0.0, "left_window": 0.0}
    for earned, points in account.points.get(source, {}).items():
        before = points * decay(day - WEEK - earned, half_life, account.window)
        now = points * decay(day - earned, half_life, account.window)
        if earned > day - WEEK:
            found["new_activity"] += now
        elif now > 0:
            found["decay"] -= before - now
        else:
            found["left_window"] -= before
    return found
