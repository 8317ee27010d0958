"""Lists the segments of a published build with their size and change, and the members of one of them."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from activity_score.errors import UserError
from activity_score.published import open_published, rows

ROW = "One row per "  # what every description begins with
SCORE = "activity score: "  # stands in a column of its own


def read_segments(database: Path, segment: str | None = None) -> dict[str, Any]:
    """Read the segments of a published build.

    Args:
        database: path of the published `marts.duckdb`; opened read-only.
        segment: the segment whose members are wanted; default: none.

    Returns:
        JSON-safe: `as_of_date`; `compared_with`, the built day before, or none; `segments`, the most urgent first, each
        with its definition, its number of `members`, and how many `entered` and `left` since `compared_with`; and,
        where a segment is given, its `members`, the highest score first.

    Raises:
        UserError: there is no published build at this path, or it has no such segment.
    """
    connection = open_published(database)
    try:
        found = rows(connection, _SEGMENTS)
        days = connection.execute(_DAYS).fetchone()
        result = {"as_of_date": days[0], "compared_with": days[1], "segments": found}
        if segment is not None:
            names = [row["segment"] for row in found]
            if segment not in names:
                close = get_close_matches(segment, names, n=3) or names
                raise UserError(f"there is no segment {segment!r}; choose from {', '.join(close) or 'none'}")
            result["members"] = rows(connection, _MEMBERS, {"segment": segment})
        return result
    finally:
        connection.close()


def print_segments(result: dict[str, Any], console: Any) -> None:
    """Print what `read_segments` returned.

    Args:
        result: the segments, perhaps with the members of one.
        console: a rich console; in a pipe it is widened to 100 columns.
    """
    from rich.text import Text

    from activity_score.printing import day_text, print_heading, print_table, printable, summed_table, widen

    widen(console)
    result = printable(result)
    as_of, before = result["as_of_date"], result["compared_with"]
    since = f"; in and out since {day_text(before)}" if before else ""
    print_heading(console, "Segments", f"as of {day_text(as_of, year=True)}{since}" if as_of else "no accounts yet")
    table = summed_table()
    table.show_footer = False
    for title, side in (("priority", "right"), ("segment", "left"), ("members", "right"), ("in", "right")):
        table.add_column(title, justify=side, no_wrap=True)
    table.add_column("out", justify="right", no_wrap=True)
    table.add_column("one for each")
    for row in result["segments"]:
        description = (row["description"] or "").removeprefix(ROW).partition(": ")[0].rstrip(".")
        table.add_row(
            str(row["priority"] or "-"),
            row["segment"],
            f"{row['members']:,}",
            Text(f"+{row['entered']:,}", "green") if row["entered"] else Text("-"),
            Text(f"-{row['left']:,}", "red") if row["left"] else Text("-"),
            Text(description),
        )
    print_table(table, console)
    if "members" in result:
        _print_members(result["members"], console)


def _print_members(members: list[dict[str, Any]], console: Any) -> None:
    from rich.text import Text

    from activity_score.printing import day_text, print_heading, print_table, summed_table

    print_heading(console, "Members", "the highest score first")
    table = summed_table()
    table.show_footer = False
    table.add_column("account", overflow="ellipsis", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("since", justify="right", no_wrap=True)
    table.add_column("why")
    for row in members:
        reasons = [part for part in (row["reason"] or "").split("; ") if not part.startswith(SCORE)]
        since, score = day_text(row["entered_on"]), f"{row['activity_score']:.2f}"
        table.add_row(Text(row["account_name"]), score, since, Text("; ".join(reasons)))
    print_table(table, console)


_SEGMENTS = """
with sizes as (
    select segment, count(*) as members
    from published.marts.segment_members
    group by segment
),

changes as (
    select
        changes.segment,
        sum(case when changes.change = 'entered' then 1 else 0 end) as entered,
        sum(case when changes.change = 'left' then 1 else 0 end) as departed
    from published.marts.segment_changes as changes
    inner join (select max(as_of_date) as as_of_date from published.marts.accounts) as build
        on changes.changed_on = build.as_of_date
    group by changes.segment
)

select
    segments.segment,
    segments.description,
    segments.playbook,
    segments.priority,
    segments.action_steps,
    segments.is_exported,
    coalesce(sizes.members, 0) as members,
    cast(coalesce(changes.entered, 0) as bigint) as entered,
    cast(coalesce(changes.departed, 0) as bigint) as left,
from published.marts.segments as segments
left join sizes on segments.segment = sizes.segment
left join changes on segments.segment = changes.segment
order by segments.priority nulls last, segments.segment
"""

_DAYS = """
with build as (
    select max(as_of_date) as as_of_date from published.marts.accounts
)

select
    cast(build.as_of_date as text),
    cast(max(publications.as_of_date) as text),
from build
left join published.marts.score_publications as publications on publications.as_of_date < build.as_of_date
group by build.as_of_date
"""

_MEMBERS = """
select
    accounts.account_id,
    accounts.tenant_id,
    accounts.account_name,
    accounts.account_domain,
    accounts.owner_name,
    accounts.lifecycle_stage,
    cast(accounts.activity_score as double) as activity_score,
    cast(members.entered_on as text) as entered_on,
    members.reason,
from published.marts.segment_members as members
inner join published.marts.accounts as accounts on members.account_id = accounts.account_id
where members.segment = $segment
order by accounts.activity_score desc, accounts.account_name, accounts.account_id
"""
