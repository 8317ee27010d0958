"""The thresholds in force, and the name of the model version they belong to."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from reference.history import AccountHistory, DeveloperHistory
from reference.settings import Settings, day_date, day_number

ENOUGH = 20  # accounts, and developers, to calibrate on


class Model(NamedTuple):
    """One model version."""

    model_version: str
    account_threshold: float
    developer_threshold: float


def ninetieth_percentile(values: list[float]) -> float:
    """The 90th percentile with linear interpolation between the two nearest ranks."""
    ordered = sorted(values)
    position = 0.9 * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def model_in_force(
    tenant_id: str,
    accounts: list[AccountHistory],
    developers: list[DeveloperHistory],
    settings: Settings,
    as_of: int,
) -> Model:
    """Pinned where a row is in force, else calibrated on a frozen day, else the tenant's fall-back."""
    pinned = [
        row
        for row in settings.seeds["score_models"]
        if row["tenant_id"] == tenant_id and row["effective_from"] <= as_of
    ]
    if pinned:
        newest = max(pinned, key=lambda row: row["effective_from"])
        return Model(newest["model_version"], newest["account_threshold"], newest["developer_threshold"])
    end_of_last_month = day_number(day_date(as_of).replace(day=1) - timedelta(days=1))
    for day in (end_of_last_month, as_of):
        totals = [total for total in (account.uncapped(day) for account in accounts) if total > 0]
        people = [total for total in (developer.points(day) for developer in developers) if total > 0]
        if len(totals) >= ENOUGH and len(people) >= ENOUGH:
            return Model(f"auto-{day_date(day)}", ninetieth_percentile(totals), ninetieth_percentile(people))
    tenant = settings.tenant(tenant_id)
    return Model("default", tenant["fallback_account_threshold"], tenant["fallback_developer_threshold"])
