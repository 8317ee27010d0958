"""Prints explanations and summaries for people: at a terminal with colour, in a pipe as plain text of 100 columns."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from activity_score.account_ledger import ACTIVE_DEVELOPERS
from activity_score.printing import (
    PLAIN_WIDTH,
    QUIET,
    add_number_columns,
    band_style,
    change_text,
    clipped,
    day_text,
    joined,
    loss_text,
    number_text,
    print_heading,
    print_table,
    printable,
    summed_table,
    widen,
    words,
)
from activity_score.score_change import SOURCE_PARTS
from activity_score.sparkline import bar, chart

ACCOUNT_PARTS = {
    "score_limit": "Limit of 100",
    "late_activity": "Late activity",
    "developers_moved": "Developers moved",
    "settings_changed": "Settings changed",
    "restated": "Drawn anew",
}
SURGE_CAUSES = {
    None: "",
    "activity": "",
    "import": "; made by an import, so it starts no route",
    "identity": "; made by people who were linked afterwards, so it starts no route",
    "settings": "; made by changed settings, so it starts no route",
}
CHART_ROWS = 5
SHOWN_DEVELOPERS = 15


def print_explanation(explanation: dict[str, Any], console: Console) -> None:
    """Print what `explain.explain` returned: head, trend, sources, developers, seven days, and events if it has them.

    Args:
        explanation: the explanation of one account on one day.
        console: where to; in a pipe it is widened to 100 columns.
    """
    widen(console)
    explanation = printable(explanation)
    _print_head(explanation, console)
    _print_trend(explanation, console)
    _print_sources(explanation, console)
    _print_developers(explanation, console)
    _print_last_7_days(explanation, console)
    if "events" in explanation:
        _print_events(explanation, console)


def _print_head(explanation: dict[str, Any], console: Console) -> None:
    account, score = explanation["account"], explanation["score"]
    console.print()
    console.print(
        joined(
            Text(account["account_name"], style="bold"),
            account["account_domain"] if account["account_domain"] != account["account_name"] else None,
            f"owner {account['owner_name']}" if account["owner_name"] else None,
            f"stage {account['lifecycle_stage']}" if account["lifecycle_stage"] else None,
            None if account["is_in_crm"] else "not in the CRM",
        )
    )
    momentum = None
    if score["momentum"] is not None:
        growth = f"{score['momentum']:+.0%}" if score["momentum"] < 10 else "above +1000%"
        momentum = f"momentum {growth}, {score['score_trend']}"
    console.print(
        joined(
            Text(f"{score['activity_score']:.2f}", style="bold " + band_style(score["activity_category"])),
            Text(score["activity_category"], style=band_style(score["activity_category"])),
            score["engagement_label"],
            Text("7 days ").append_text(change_text(score["score_change_7d"])),
            Text("30 days ").append_text(change_text(score["score_change_30d"])),
            momentum,
        )
    )
    if score["has_activity_surge"]:
        since, until = day_text(score["surge_started_on"]), day_text(score["surge_ends_on"])
        cause = SURGE_CAUSES[score["surge_cause"]]
        console.print(
            Text(f"▲ surging since {since}; the mark holds until {until} unless the rise goes on", "green").append(
                cause, "yellow"
            )
        )
    if score["drop_off_risk"]:
        console.print(Text("▼ drop-off risk: fell by 20 or more in 28 days, or into the lowest band", "red"))
    model = explanation["model"]
    console.print(
        Text(
            f"as of {day_text(explanation['as_of_date'], year=True)}, model {model['model_version']}: "
            f"{number_text(model['account_threshold'])} points make 100, window {model['window_days']} days",
            QUIET,
        )
    )


def _print_trend(explanation: dict[str, Any], console: Console) -> None:
    """The 90 days as a chart whose lines are 20 score points each, with the bands at the side."""
    trend = explanation["trend"][-max(1, console.width - 10) :]
    values = [point["activity_score"] for point in trend]
    lowest, highest = (chosen(trend, key=lambda point: point["activity_score"]) for chosen in (min, max))
    extremes = (
        f"lowest {lowest['activity_score']:.2f} on {day_text(lowest['score_date'])}, "
        f"highest {highest['activity_score']:.2f} on {day_text(highest['score_date'])}"
    )
    if lowest["activity_score"] == highest["activity_score"]:
        extremes = f"{lowest['activity_score']:.2f} throughout"
    print_heading(console, f"Trend of {len(trend)} days", extremes)
    step = 100 / CHART_ROWS
    for row, line in enumerate(chart(values, CHART_ROWS)):
        floor = 100 - step * (row + 1)
        starting = [band for band in explanation["bands"] if floor <= band["lower_bound"] < floor + step]
        band = [band for band in explanation["bands"] if band["lower_bound"] < floor + step][-1]
        label = f"{starting[-1]['category'][:6]} {starting[-1]['lower_bound']:g}" if starting else ""
        console.print(Text(f"{label:>9} ", QUIET).append(line, band_style(band["category"])), no_wrap=True)
    first, last = day_text(trend[0]["score_date"]), day_text(trend[-1]["score_date"])
    console.print(Text(" " * 10 + first + last.rjust(len(trend) - len(first)), QUIET), no_wrap=True)


def _print_sources(explanation: dict[str, Any], console: Console) -> None:
    """The table that adds up: points less cap loss are counted points; counted points in score points."""
    total, sources = explanation["sum"], explanation["sources"]
    print_heading(console, "What the score is made of", "points after role weight and decay")
    if not sources:
        days = explanation["model"]["window_days"]
        console.print(Text(f"  No activity in the {days} days of the window: the score is 0."))
        return
    table = summed_table()
    table.add_column("source", footer="sum")
    add_number_columns(table, "activities", "7 days")
    add_number_columns(table, "points", footer=number_text(total["uncapped_points"]))
    add_number_columns(table, "cap loss", footer=loss_text(total["cap_loss"]))
    add_number_columns(table, "counted", footer=number_text(total["engagement_points"]))
    add_number_columns(table, "score", footer=f"{total['unrounded_score']:.3f}")
    bar_width = max(0, min(14, console.width - 86))
    if bar_width:
        table.add_column("")
    most = max(source["score_contribution"] for source in sources)
    for source in sources:
        table.add_row(
            Text(source["display_name"]),
            f"{source['activity_count_in_window']:,}",
            f"{source['activity_count_7d']:,}",
            number_text(source["points"]),
            loss_text(source["cap_loss"]),
            number_text(source["capped_points"]),
            f"{source['score_contribution']:.3f}",
            *([Text(bar(source["score_contribution"], most, bar_width), "cyan")] if bar_width else []),
        )
    print_table(table, console)
    is_above = total["engagement_points"] > total["account_threshold"]
    full = f"{total['points_for_100']:,.4f} " + ("(all counted, above the threshold)" if is_above else "(threshold)")
    console.print(
        Text(
            f"  100 * {total['engagement_points']:,.4f} / {full} = {total['unrounded_score']:.4f}, "
            f"published as {total['activity_score']:.2f}"
        )
    )
    if any(source["source"] == ACTIVE_DEVELOPERS for source in sources):
        per_developer = explanation["model"]["points_per_active_developer"]
        console.print(Text(f"  Active developers are counted over 30 days, {per_developer:g} points each", QUIET))
    if explanation["excluded"]:
        reasons = ", ".join(
            f"{row['activity_count']:,} {words(row['disposition_reason'])}" for row in explanation["excluded"]
        )
        console.print(Text(f"  Not in the score: {reasons}", QUIET))
    if not total["adds_up"]:
        console.print(Text("  The ledger does not add up to the published score: please report this", "bold red"))


def _print_developers(explanation: dict[str, Any], console: Console) -> None:
    people = explanation["developers"]
    if not people:
        return
    print_heading(console, "Developers behind it", "points before caps, * active in the last 30 days")
    table = summed_table(gap=0)
    table.add_column("name", footer="sum")
    table.add_column("title")
    is_wide = console.width >= PLAIN_WIDTH - 2
    if is_wide:
        table.add_column("tags")
    add_number_columns(table, "role", "counted")
    add_number_columns(table, "points", footer=number_text(sum(person["points"] for person in people)))
    add_number_columns(table, "share", footer="100.0%")
    add_number_columns(table, "last")
    for person in people[:SHOWN_DEVELOPERS]:
        name = person["display_name"] + (" (moved on)" if person["has_moved_on"] else "")
        table.add_row(
            Text("* " if person["is_active"] else "  ", "green").append_text(clipped(name, 21, "default")),
            clipped(person["job_title"] or "", 21 if is_wide else 17),
            *([clipped(", ".join(_tags(person)), 14)] if is_wide else []),
            f"x{person['role_weight']:g}",
            f"{person['counted_activities']:,}",
            number_text(person["points"]),
            f"{person['share_of_points']:.1%}",
            day_text(person["last_activity_at"]),
        )
    others = people[SHOWN_DEVELOPERS:]
    if others:
        table.add_row(
            f"  and {len(others):,} more (--json)",
            *[""] * (3 if is_wide else 2),
            f"{sum(person['counted_activities'] for person in others):,}",
            number_text(sum(person["points"] for person in others)),
            f"{sum(person['share_of_points'] for person in others):.1%}",
            "",
        )
    print_table(table, console)


def _tags(person: dict[str, Any]) -> list[str]:
    return [tag.strip() for tag in (person["developer_tags"] or "").split(";")]


def _print_last_7_days(explanation: dict[str, Any], console: Console) -> None:
    """The parts of the change, source by source and then for the account: as printed they add up across and down."""
    week = explanation["last_7_days"]
    since = day_text(week["from_date"])
    print_heading(
        console,
        f"What changed since {since}",
        f"{week['score_from']:.2f} {'published then' if week['was_published'] else 'then, as drawn today'}, "
        f"{week['score_to']:.2f} on {day_text(week['to_date'])}; in score points",
    )
    table = summed_table()
    table.add_column("source", footer="change")
    add_number_columns(table, "7 days", "new", "decay", "too old", "cap")
    add_number_columns(table, "change", footer=change_text(week["score_change"]).plain)
    moved = [source for source in week["sources"] if _has_moved(source)]
    lines = {name: round(week["parts"].get(part, 0), 2) for part, name in ACCOUNT_PARTS.items()}
    lines = {name: value for name, value in lines.items() if value}
    total = sum(lines.values())
    for source in moved:
        parts = [
            round(value, 2)
            for value in (
                source["new_activity"] + source["developers_joined"],
                source["decay"],
                source["left_window"] + source["developers_left"],
                source["source_cap"],
            )
        ]
        total += sum(parts)
        table.add_row(
            Text(source["display_name"]),
            f"{source['new_activity_count']:,}",
            *(change_text(part) if part else Text("-", QUIET) for part in parts),
            change_text(sum(parts)),
        )
    if moved and lines:
        table.add_section()
    for name, value in lines.items():
        table.add_row(Text(name), *[""] * 5, change_text(value))
    rounding = round(week["score_change"] - total, 2)
    if rounding:
        table.add_row(Text("rounding"), *[""] * 5, change_text(rounding))
    print_table(table, console)
    for note in _notes(week):
        console.print(Padding(Text(note, QUIET), (0, 0, 0, 2)))
    for label, people in [
        ("Newly active", week["newly_active_developers"]),
        ("No longer active", week["no_longer_active_developers"]),
    ]:
        if people:
            names = [
                person["display_name"] + (" (first time here)" if person["is_first_time"] else "")
                for person in people[:6]
            ]
            others = f" and {len(people) - 6:,} more" if len(people) > 6 else ""
            console.print(Padding(Text(f"{label}: {', '.join(names)}{others}"), (0, 0, 0, 2)))


def _has_moved(source: dict[str, Any]) -> bool:
    """Whether a source has anything to show: new activity, or a part that is not nothing in print."""
    return bool(source["new_activity_count"]) or any(abs(source[part]) >= 0.005 for part in (*SOURCE_PARTS, "change"))


def _notes(week: dict[str, Any]) -> list[str]:
    """What the words of the table mean for this account; the rest is in docs/explain.md."""
    since, parts, compared = day_text(week["from_date"]), week["parts"], week["restatement"]
    notes = []
    if any(source["source"] == ACTIVE_DEVELOPERS and _has_moved(source) for source in week["sources"]):
        notes.append("Active developers: new is who became active, too old who has not been seen for 30 days")
    if abs(parts["score_limit"]) >= 0.005:
        notes.append("Limit of 100: the sources together had more than 100 to give, then or now")
    if abs(parts.get("restated", 0)) >= 0.005:
        notes.append(
            f"Drawn anew: under today's data and settings {since} stands at {week['score_from_today']:.2f}; "
            "the build that would tell why is not kept"
        )
    if compared:
        came = [
            (compared["late_activities"], f"arrived since {since}"),
            (compared["removed_activities"], "vanished"),
            (compared["moved_in"], "moved to this account with their people"),
            (compared["moved_out"], "moved away or are left out now"),
        ]
        found = [f"{count:,} {what}" for count, what in came if count]
        if found:
            notes.append(f"Of the activities up to {since}, {', '.join(found)}")
        if compared["settings"]:
            changes = [_setting_text(setting) for setting in compared["settings"]]
            others = f" and {len(changes) - 4:,} more (--json)" if len(changes) > 4 else ""
            notes.append(f"Settings changed since: {'; '.join(changes[:4])}{others}")
    return notes


def _setting_text(setting: dict[str, Any]) -> str:
    """`weight of demo_requested 80 to 60`."""
    before, after = (
        "none" if value is None else value.removesuffix(".0") for value in (setting["before"], setting["after"])
    )
    of_key = f" of {setting['key']}" if setting["key"] else ""
    return f"{words(setting['setting'])}{of_key} {before} to {after}"


def _print_events(explanation: dict[str, Any], console: Console) -> None:
    """One line per activity, then what is no activity; points and score add up to those above."""
    lines = explanation["events"] + explanation["adjustments"]
    print_heading(
        console,
        f"Each activity in the window ({len(explanation['events']):,})",
        "points = weight * count * role * decay",
    )
    table = summed_table(gap=0)
    table.add_column("when (UTC)", footer="sum")
    table.add_column("type")
    table.add_column("who")
    add_number_columns(table, "weight", "count", "role", "decay")
    add_number_columns(table, "points", footer=number_text(sum(line["points"] for line in lines)))
    add_number_columns(table, "score", footer=f"{sum(line['score_points'] for line in lines):.3f}")
    add_number_columns(table, "share", footer=f"{sum(line['share_of_score'] for line in lines):.1%}")
    for event in explanation["events"]:
        units, counted = event["activity_count"], event["counted_count"]
        table.add_row(
            f"{day_text(event['occurred_at']):>6} {event['occurred_at'][11:16]}",
            clipped(event["activity_type"], 27),
            clipped(event["display_name"] or "(unattributed)", 15),
            f"{event['weight']:g}",
            f"{counted:,}" if counted == units else f"{counted:,}/{units:,}",
            f"x{event['role_weight']:g}",
            f"{event['decay_factor']:.3f}",
            number_text(event["points"]),
            f"{event['score_points']:.3f}",
            f"{event['share_of_score']:.1%}",
            style=QUIET if counted == 0 else None,
        )
    for adjustment in explanation["adjustments"]:
        is_cap = adjustment["adjustment"] == "source_cap"
        table.add_row(
            "",
            clipped(f"cap on {adjustment['source']}" if is_cap else "active developer", 27),
            clipped(adjustment["display_name"] or "", 15),
            *[""] * 4,
            number_text(adjustment["points"]),
            f"{adjustment['score_points']:.3f}",
            "" if is_cap else f"{adjustment['share_of_score']:.1%}",
        )
    print_table(table, console)
    notes = []
    if any(event["counted_count"] < event["activity_count"] for event in explanation["events"]):
        notes.append("count 2/5: of 5 the daily cap lets 2 count")
    if any(adjustment["adjustment"] == "source_cap" for adjustment in explanation["adjustments"]):
        notes.append("share: of the score, with the cap loss spread evenly over the source")
    for note in notes:
        console.print(Text(f"  {note}", QUIET))
