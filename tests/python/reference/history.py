"""The points of one account and of one developer on any day, straight from the definitions."""

from __future__ import annotations

from collections import defaultdict

from reference.points import decayed
from reference.rounding import cents
from reference.settings import Settings

BREADTH = "active_developers"


class AccountHistory:
    """One account's points by source and day.

    Args:
        tenant_id: the account's tenant.
        activities: the account's activities that count or are over the daily cap.
        role_weights: m(d) by developer; 1 for who is not in it.
        settings: the settings.
    """

    def __init__(self, tenant_id: str, activities: list[dict], role_weights: dict[str, float], settings: Settings):
        self.settings = settings
        self.activities = activities
        self.window = settings.window_days(tenant_id)
        self.points_per_developer = settings.tenant(tenant_id)["points_per_active_developer"]
        self.points: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self.volume: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.counted_days: dict[str, set[int]] = defaultdict(set)
        self.engaged_days: dict[str, set[int]] = defaultdict(set)  # by developer: days with counted points
        for activity in activities:
            kind = settings.by_type[activity["activity_type"]]
            source, day, developer = kind["source"], activity["day"], activity["developer"]
            self.volume[source][day] += activity["count"]
            self.points[source][day] += activity["units"] * kind["weight"] * role_weights.get(developer, 1.0)
            if activity["units"] > 0:
                self.counted_days[source].add(day)
                if developer is not None and kind["weight"] > 0 and not settings.is_third_party(source):
                    self.engaged_days[developer].add(day)
        self.first_day = min((activity["day"] for activity in activities), default=None)
        self._source_points: dict[int, dict[str, float]] = {}
        self._scores: dict[tuple[int, float], int] = {}

    def source_points(self, day: int) -> dict[str, float]:
        """R(A, s, t) of every source in the score, the breadth term among them, before any cap."""
        if day not in self._source_points:
            found = {source: self.event_points(source, day) for source in self.settings.event_sources()}
            found[BREADTH] = self.points_per_developer * len(self.active_developers(day))
            self._source_points[day] = found
        return self._source_points[day]

    def event_points(self, source: str, day: int) -> float:
        """R(A, s, t) of one event source."""
        half_life = self.settings.by_source[source]["half_life_days"]
        return decayed(self.points[source], day, half_life, self.window) if source in self.points else 0.0

    def active_developers(self, day: int, days: int = 30) -> list[str]:
        """The identified developers with points counted in the last `days` days."""
        return sorted(
            developer
            for developer, engaged in self.engaged_days.items()
            if any(day - days < earned <= day for earned in engaged)
        )

    def uncapped(self, day: int) -> float:
        """U(A, t)."""
        return sum(self.source_points(day).values())

    def capped(self, day: int, threshold: float) -> dict[str, float]:
        """What each source fills of the threshold, at most its share k(s)."""
        return {
            source: min(self.settings.by_source[source]["max_threshold_share"] * threshold, points)
            for source, points in self.source_points(day).items()
        }

    def engagement(self, day: int, threshold: float) -> float:
        """E(A, t)."""
        return sum(self.capped(day, threshold).values())

    def exact_score(self, day: int, threshold: float) -> float:
        """AAS(A, t), before rounding."""
        return min(100.0, 100.0 * self.engagement(day, threshold) / threshold)

    def score(self, day: int, threshold: float) -> int:
        """S(t): the published score, in hundredths."""
        if (day, threshold) not in self._scores:
            self._scores[day, threshold] = cents(self.exact_score(day, threshold))
        return self._scores[day, threshold]

    def is_surge_day(self, day: int, threshold: float) -> bool:
        """A rise of more than 40 in seven days that is also a new seven-day high."""
        score = self.score(day, threshold)
        before = [self.score(earlier, threshold) for earlier in range(day - 6, day)]
        return score - self.score(day - 7, threshold) > 4000 and score > max(before)

    def has_surge(self, day: int, threshold: float) -> bool:
        """Whether some day of the last seven is a surge day."""
        return any(self.is_surge_day(earlier, threshold) for earlier in range(day - 6, day + 1))


class DeveloperHistory:
    """One developer's points by day, over all accounts and those at none; third-party signals give none."""

    def __init__(self, tenant_id: str, activities: list[dict], settings: Settings):
        self.settings = settings
        self.window = settings.window_days(tenant_id)
        self.activities = activities
        self.by_source: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for activity in activities:
            kind = settings.by_type[activity["activity_type"]]
            if not settings.is_third_party(kind["source"]):
                self.by_source[kind["source"]][activity["day"]] += activity["units"] * kind["weight"]

    def source_points(self, day: int) -> dict[str, float]:
        """The decayed points by source."""
        return {
            source: decayed(points, day, self.settings.by_source[source]["half_life_days"], self.window)
            for source, points in self.by_source.items()
        }

    def points(self, day: int) -> float:
        """D(d, t)."""
        return sum(self.source_points(day).values())

    def score(self, day: int, threshold: float) -> int:
        """DAS(d, t) as published, in hundredths."""
        return cents(min(100.0, 100.0 * self.points(day) / threshold))
