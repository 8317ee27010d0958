"""A small world for `explain` and what it prints; its numbers are computed here by plain loops over scoring.md."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

AS_OF = date(2026, 3, 31)
WINDOW = 90
THRESHOLD = 100.0
PER_DEVELOPER = 5.0
# source -> display name, party, half-life in days, largest share of the threshold
SOURCES = {
    "github": ("GitHub", "first", 14.0, 0.5),
    "website": ("Website", "first", 7.0, 0.4),
    "forms": ("Form Signups", "first", 20.0, 0.5),
    "active_developers": ("Active Developers", "first", None, 0.3),
    "intent": ("Research Intent", "third", 14.0, 0.0),
}
# activity type -> source, weight
TYPES = {
    "github_pull_request": ("github", 8.0),
    "website_page_view": ("website", 1.0),
    "website_ping": ("website", 0.0),
    "form_submitted": ("forms", 30.0),
    "intent_topic": ("intent", 9.0),
}
# developer -> role weight, tags, account where the developer is now
DEVELOPERS = {
    "ada": (1.5, "Buyer", "acme"),
    "bob": (1.0, None, "acme"),
    "eve": (1.0, "Engineer", "fading"),
    "kim": (1.0, None, "jump"),
    "lou": (2.0, "CTO", "jump"),
    "max": (1.0, None, "fading"),
}
# account -> tenant, name, domain
ACCOUNTS = {
    "acme": ("default", "Acme Cloud", "acme.example"),
    "jump": ("default", "Jump Labs", "jump.example"),
    "fading": ("default", "Fading Systems", "fading.example"),
    "burst": ("default", "Burst Works", "burst.example"),
    "busy": ("default", "Busy Bees", "busy.example"),
    "twin1": ("default", "Twin", "twin.example"),
    "twin2": ("default", "Twin", "other-twin.example"),
    "acme2": ("second", "Acme Cloud", "acme.example"),
}


def world_activities() -> list[dict]:
    """account, days ago, type, developer (None: unattributed), units, units that count, disposition."""
    rows = [("acme", ago, "github_pull_request", "ada", 1, 1, "counted") for ago in range(0, 60, 4)]
    rows += [("acme", ago, "website_page_view", "bob", 12, 10, "counted") for ago in (2, 9, 33)]
    rows += [
        ("acme", 89, "form_submitted", "ada", 1, 1, "counted"),  # the last day of the window
        ("acme", 90, "form_submitted", "ada", 1, 1, "counted"),  # a day too old
        ("acme", 29, "form_submitted", "eve", 1, 1, "counted"),  # the last active day of someone who left
        ("acme", 3, "website_page_view", None, 40, 40, "counted"),
        ("acme", 1, "website_page_view", "bob", 1, 0, "over_daily_cap"),
        ("acme", 1, "website_page_view", "bot", 7, 0, "excluded"),
        ("acme", 1, "intent_topic", None, 5, 5, "counted"),
        ("jump", 50, "website_page_view", "kim", 3, 3, "counted"),
        ("jump", 2, "form_submitted", "lou", 1, 1, "counted"),
        ("jump", 1, "github_pull_request", "kim", 2, 2, "counted"),
        ("jump", 0, "website_ping", "max", 4, 4, "counted"),  # weight 0: nobody becomes active by it
        ("burst", 30, "form_submitted", "lou", 1, 1, "counted"),
        ("burst", 30, "github_pull_request", "lou", 1, 1, "counted"),
        ("acme2", 0, "website_page_view", None, 1, 1, "counted"),
    ]
    rows += [("fading", ago, "github_pull_request", "max", 2, 2, "counted") for ago in range(32, 60, 2)]
    rows += [("fading", 33, "form_submitted", "eve", 1, 1, "counted")]
    rows += [("busy", ago, "github_pull_request", "ada", 3, 3, "counted") for ago in range(40)]
    rows += [("busy", ago, "form_submitted", "lou", 1, 1, "counted") for ago in (1, 5, 20, 35)]
    rows += [("busy", 2, "website_page_view", "bob", 30, 30, "counted")]
    result = []
    for number, (account, ago, activity_type, developer, units, counted, disposition) in enumerate(rows):
        source, weight = TYPES[activity_type]
        day = AS_OF - timedelta(days=ago)
        result.append(
            {
                "activity_id": f"a{number}",
                "account": account,
                "day": day,
                "occurred_at": datetime(day.year, day.month, day.day, 12, number % 60),
                "activity_type": activity_type,
                "source": source,
                "weight": weight,
                "developer": developer,
                "role_weight": DEVELOPERS[developer][0] if developer in DEVELOPERS else 1.0,
                "units": units,
                "counted": counted,
                "disposition": disposition,
                "reason": "bot" if disposition == "excluded" else disposition if disposition != "counted" else None,
            }
        )
    return result


# What was published for the day seven days before, where it was; jump was not there then.
PUBLISHED = {"acme": 12.25, "fading": 33.5, "jump": 0.0}
ACTIVITIES = world_activities()
OF_ACCOUNT = {account: [a for a in ACTIVITIES if a["account"] == account] for account in ACCOUNTS}


def decay(activity: dict, day: date) -> float:
    half_life = SOURCES[activity["source"]][2]
    return 2.0 ** (-(day - activity["day"]).days / half_life)


@cache
def scored(account: str, day: date) -> dict[str, dict]:
    """Section 4 and 8 of scoring.md, source by source, with loops."""
    points: dict[str, float] = {}
    volume: dict[str, int] = {}
    active = set()
    for activity in OF_ACCOUNT[account]:
        age = (day - activity["day"]).days
        if activity["disposition"] == "excluded" or activity["source"] == "intent":
            continue
        if 0 <= age < WINDOW:
            source = activity["source"]
            worth = activity["weight"] * activity["counted"] * activity["role_weight"] * decay(activity, day)
            points[source] = points.get(source, 0.0) + worth
            volume[source] = volume.get(source, 0) + activity["units"]
        if 0 <= age < 30 and activity["developer"] and activity["counted"] and activity["weight"] > 0:
            active.add(activity["developer"])
    if active:
        points["active_developers"] = PER_DEVELOPER * len(active)
        volume["active_developers"] = len(active)
    capped = {source: min(SOURCES[source][3] * THRESHOLD, value) for source, value in points.items()}
    full = max(THRESHOLD, sum(capped.values()))
    return {
        source: {
            "volume": volume[source],
            "points": points[source],
            "capped": capped[source],
            "contribution": 100 * capped[source] / full,
        }
        for source in points
    }


def unrounded(account: str, day: date) -> float:
    return sum(source["contribution"] for source in scored(account, day).values())


def published_score(account: str, day: date) -> float:
    return float(Decimal(repr(round(unrounded(account, day), 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def band(score: float) -> str:
    return "Low" if score < 20 else "Medium" if score < 60 else "High"


def surges(account: str, day: date) -> bool:
    def is_surge_day(t: date) -> bool:
        week = [published_score(account, t - timedelta(days=back)) for back in range(8)]
        return round(week[0] - week[7], 2) > 40 and week[0] > max(week[1:7])

    return any(is_surge_day(day - timedelta(days=back)) for back in range(7))
