"""Prints what is heating up over all accounts, for people."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from activity_score.printing import (
    QUIET,
    band_style,
    change_text,
    clipped,
    day_text,
    joined,
    print_heading,
    printable,
    widen,
    words,
)
from activity_score.sparkline import sparkline
from activity_score.top_accounts import TREND_DAYS, top_accounts


def print_top_accounts(database: Path, console: Console, limit: int = 15) -> None:
    """Print what is heating up and why: the top accounts, the movers, the reconciliation and where to look next.

    Args:
        database: path of the published `marts.duckdb`.
        console: where to; in a pipe it is widened to 100 columns.
        limit: how many accounts.

    Raises:
        UserError: there is no published build at this path.
    """
    widen(console)
    summary = printable(top_accounts(database, limit))
    _print_summary_head(summary, console)
    for rank, account in enumerate(summary["top"], start=1):
        _print_top_account(rank, account, summary, console)
    _print_movers("Heating up", "the largest rises of the week, ▲ surging", summary["rising"], summary, console)
    _print_movers("Cooling", "the largest falls of the week, ▼ drop-off risk", summary["cooling"], summary, console)
    _print_records(summary["records"], console)
    _print_next_commands(summary, database, console)


def _print_summary_head(summary: dict[str, Any], console: Console) -> None:
    console.print()
    console.print(
        joined(
            Text("What is heating up", style="bold"),
            f"as of {day_text(summary['as_of_date'], year=True)}" if summary["as_of_date"] else None,
            f"{summary['accounts']:,} accounts",
            *[f"{count:,} {category}" for category, count in summary["accounts_by_category"].items()],
        )
    )
    console.print()
    columns = f"{'#':>4}  {'account':<24}  {'score':>6}  {'band':<6}  {'7 days':>7}   {'devs':>5}  "
    console.print(Text(f"{columns}last {_trend_width(console)} days", QUIET), no_wrap=True)


def _print_top_account(rank: int, account: dict[str, Any], summary: dict[str, Any], console: Console) -> None:
    """Two lines: the numbers with the trend, and below them what moves it and which sources it is made of."""
    line = Text(f"{rank:>4}  ").append_text(_account_cells(account, summary))
    line.append(f"{account['active_developers_30d']:>5}  ")
    trend = sparkline(account["trend"][-_trend_width(console) :])
    console.print(line.append(trend, band_style(account["activity_category"])), no_wrap=True, overflow="crop")
    below = f"{'':6}{account['reason']:<57}  "
    sources = [source for source in account["sources"] if source["score_contribution"] >= 0.5]
    shares = [f"{source['display_name']} {source['score_contribution']:.0f}" for source in sources]
    while shares and len(below) + len(", ".join(shares)) > console.width:
        shares.pop()
    console.print(Text((below + ", ".join(shares)).rstrip(), QUIET), no_wrap=True, overflow="ellipsis")


def _account_cells(account: dict[str, Any], summary: dict[str, Any]) -> Text:
    cells = _name(account, summary).append(f"  {account['activity_score']:>6.2f}  ")
    cells.append(f"{account['activity_category']:<6}  ", band_style(account["activity_category"]))
    return cells.append_text(change_text(account["score_change_7d"], width=7)).append_text(_mark(account))


def _mark(account: dict[str, Any]) -> Text:
    if account["has_activity_surge"]:
        return Text(" ▲ ", "green")
    return Text(" ▼ ", "red") if account["drop_off_risk"] else Text("   ")


def _name(account: dict[str, Any], summary: dict[str, Any]) -> Text:
    name = account["account_name"] + (f" ({account['tenant_id']})" if summary["several_tenants"] else "")
    cell = Text()
    return cell.append_text(clipped(name, 24, "bold", pad=True))


def _trend_width(console: Console) -> int:
    """Days of trend that fit behind the other columns."""
    return max(10, min(TREND_DAYS, console.width - 65))


def _print_movers(
    title: str, aside: str, accounts: list[dict[str, Any]], summary: dict[str, Any], console: Console
) -> None:
    if not accounts:
        return
    print_heading(console, title, aside)
    for account in accounts:
        line = Text("  ").append_text(_name(account, summary)).append(f"  {account['activity_score']:>6.2f}  ")
        line.append_text(change_text(account["score_change_7d"], width=7)).append_text(_mark(account))
        console.print(line.append(account["reason"], QUIET), no_wrap=True, overflow="ellipsis")


def _print_records(records: list[dict[str, Any]], console: Console) -> None:
    """One sentence that accounts for every raw record of an activity."""
    by_disposition: dict[str, list[dict[str, Any]]] = {}
    for row in records:
        by_disposition.setdefault(row["disposition"], []).append(row)
    phrases = []
    for disposition, of_disposition in by_disposition.items():
        reasons = [
            f"{row['record_count']:,} {words(row['disposition_reason'])}"
            for row in of_disposition
            if row["disposition_reason"]
        ]
        name = disposition.replace("_", " ")
        total = sum(row["record_count"] for row in of_disposition)
        phrases.append(f"{total:,} {name}" + (f" ({', '.join(reasons)})" if reasons else ""))
    total = sum(row["record_count"] for row in records)
    print_heading(console, "Every record accounted for")
    console.print(Padding(Text(f"{total:,} activities in: {', '.join(phrases)}"), (0, 0, 0, 2)))


def _print_next_commands(summary: dict[str, Any], database: Path, console: Console) -> None:
    accounts = [*summary["rising"], *summary["top"]]
    if not accounts:
        return
    account = next((account for account in accounts if account["has_activity_surge"]), accounts[0])
    explain = f"activity-score explain {account['account_domain']}"
    if summary["several_tenants"]:
        explain += f" --tenant {account['tenant_id']}"
    commands = [
        (explain, "why, source by source and person by person"),
        (f"{explain} --events", "down to the single activity"),
        (
            f"duckdb -readonly {quote(str(database))}",
            "all of it in SQL, with any DuckDB client; first `use marts.marts`",
        ),
    ]
    print_heading(console, "Look next")
    for command, purpose in commands:
        console.print(Text(f"  {command}").append(f"   {purpose}", QUIET), soft_wrap=True)
    console.print()
