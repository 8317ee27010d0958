"""What the settings of signals must be, and the reading of their seeds against it."""

from __future__ import annotations

from collections.abc import Iterator

from activity_score.errors import Problem
from activity_score.seed_rows import Row
from activity_score.seed_rules import SIGNALS, Rule, between


def whole(lowest: int, highest: int) -> Rule:
    """A whole number from lowest to highest, both included."""
    return Rule(
        lambda value: value == int(value) and lowest <= value <= highest,
        f"a whole number between {lowest} and {highest}",
    )


# Of days that are looked through, int_signal_activities keeps 30 before the trend; a return is looked for in fewer days
# than the quiet time lasts, and a champion's last day must lie in the trend.
WITHIN_DAYS = whole(1, 30)
PEOPLE = whole(1, 1000)
SHARE = Rule(lambda value: 0 < value <= 1, "above 0 and not above 1")
SCORE = between(0, 100)

# The settings of each signal, by signal and setting.
SIGNAL_SETTINGS: dict[str, dict[str, Rule]] = {
    "active_again": {"quiet_days": whole(30, 365), "minimum_points": between(0), "within_days": WITHIN_DAYS},
    "champion_silent": {
        "top_share": SHARE,
        "active_weeks": whole(1, 12),
        "silent_days": whole(1, 60),
        "within_days": WITHIN_DAYS,
    },
    "meeting_booked": {"within_days": WITHIN_DAYS},
    "new_developer": {"minimum_points": between(0), "minimum_share": between(0), "within_days": WITHIN_DAYS},
    "one_person_dominates": {"share": SHARE, "minimum_score": SCORE},
    "repeated_ad_impressions": {"people": PEOPLE, "times": whole(1, 1000), "within_days": WITHIN_DAYS},
    "senior_person_evaluating": {"within_days": WITHIN_DAYS},
    "several_on_high_intent_pages": {"people": PEOPLE, "times": whole(1, 1000), "within_days": WITHIN_DAYS},
    "stalled_deal": {
        "unchanged_days": whole(1, 3650),
        "open_days": whole(1, 3650),
        "minimum_score": SCORE,
        "listed_people": PEOPLE,
    },
}

# The signals that look at single activity types.
BY_ACTIVITY_TYPE = (
    "meeting_booked",
    "repeated_ad_impressions",
    "senior_person_evaluating",
    "several_on_high_intent_pages",
)


def check_signals(seeds: dict[str, list[Row]]) -> Iterator[Problem]:
    """Every signal is described and has its settings, each within its bounds; what it looks at is first-party.

    Args:
        seeds: the rows of every seed.

    Yields:
        One problem per mistake.
    """
    described = {row["signal"] for row in seeds["signals"]}
    for signal in SIGNALS:
        if described and signal not in described:
            mend = "add it, with is_on false if it is not wanted"
            yield Problem("seeds/signals.csv", f"no row for the signal {signal}", mend)
    yield from check_signal_settings(seeds["signal_settings"])
    yield from check_signal_activity_types(seeds)


def check_signal_settings(rows: list[Row]) -> Iterator[Problem]:
    """Each signal has the settings it needs, no others, and values that can work."""
    present = {(row["signal"], row["setting"]) for row in rows}
    for row in rows:
        known = SIGNAL_SETTINGS.get(row["signal"], {})
        rule = known.get(row["setting"])
        if known and row["setting"] and not rule:
            yield row.problem(f"{row['signal']} has no setting {row['setting']!r}", "it has " + ", ".join(known))
        elif rule and row["value"] is not None and not rule.holds(row["value"]):
            yield row.problem(f"{row['setting']} is {row['value']:g}", f"it must be {rule.words}")
    for signal, known in SIGNAL_SETTINGS.items():
        for setting in known:
            if rows and (signal, setting) not in present:
                mend = f"add it; it must be {known[setting].words}"
                yield Problem("seeds/signal_settings.csv", f"no row for {setting} of {signal}", mend)


def check_signal_activity_types(seeds: dict[str, list[Row]]) -> Iterator[Problem]:
    """Signals look at known types of first-party sources: engagement and third-party intent stay apart."""
    sources = {row["activity_type"]: row["source"] for row in seeds["activity_types"]}
    third = {row["source"] for row in seeds["sources"] if row["party"] == "third"}
    for row in seeds["signal_activity_types"]:
        activity_type = row["activity_type"]
        if row["signal"] and row["signal"] not in BY_ACTIVITY_TYPE:
            yield row.problem(f"signal is {row['signal']!r}", "it must be one of " + ", ".join(BY_ACTIVITY_TYPE))
        if activity_type and sources and activity_type not in sources:
            yield row.problem(f"activity_type is {activity_type!r}", "it must be a row of seeds/activity_types.csv")
        elif sources.get(activity_type) in third:
            what = f"{activity_type} is third-party ({sources[activity_type]})"
            yield row.problem(what, "remove the row: signals rest on first-party activity alone")
