"""From activities to points: the daily cap, and decay."""

from __future__ import annotations

from collections import defaultdict

from reference.settings import Settings


def count_units(activities: list[dict], settings: Settings) -> None:
    """Say of each activity how many of its units count (`units`) and what became of it (`disposition`).

    Of one person's activities of one type on one day at one account the first `daily_cap` units count, in the order of
    (occurred_at, activity_id). Records without a person belong to their account's one unattributed pseudo-developer.
    """
    groups = defaultdict(list)
    for activity in activities:
        activity["units"] = 0
        if activity["reason"] in (None, "no_account"):
            key = (activity["developer"], activity["domain"], activity["activity_type"], activity["day"])
            groups[key].append(activity)
    for group in groups.values():
        left = settings.by_type[group[0]["activity_type"]]["daily_cap"]
        for activity in sorted(group, key=lambda activity: (activity["occurred_at"], activity["activity_id"])):
            activity["units"] = activity["count"] if left is None else int(min(activity["count"], left))
            left = None if left is None else left - activity["units"]
    for activity in activities:
        if activity["reason"] is not None:
            activity["disposition"] = "excluded"
            continue
        activity["disposition"] = "counted" if activity["units"] > 0 else "over_daily_cap"
        if activity["units"] < activity["count"]:
            activity["reason"] = "over_daily_cap"


def decay(age_days: int, half_life_days: float, window_days: int) -> float:
    """What is left of a point after some days: 1 on the day itself, 0 outside the window."""
    return 2.0 ** (-age_days / half_life_days) if 0 <= age_days < window_days else 0.0


def decayed(points_by_day: dict[int, float], day: int, half_life_days: float, window_days: int) -> float:
    """R: the sum of all days' points, each with its decay."""
    return sum(points * decay(day - earned, half_life_days, window_days) for earned, points in points_by_day.items())
