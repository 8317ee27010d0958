"""Runs an analyst's select over a published build, and shows or writes its rows."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from activity_score.errors import UserError
from activity_score.exporting.files import FORMATS, write_file
from activity_score.printing import QUIET, printable
from activity_score.publish import Build
from activity_score.sandbox import Limits, run_select

WIDEST = 48  # characters of a cell in a table
TABLE = "result"


@dataclass(frozen=True)
class Answer:
    """The rows of a query.

    Attributes:
        columns: name and DuckDB type of each column.
        rows: the rows, at most as many as were asked for.
        row_count: how many there are in all.
        file: where they were written, if anywhere.
    """

    columns: list[tuple[str, str]]
    rows: list[tuple[Any, ...]]
    row_count: int
    file: Path | None = None


def read_sql(file: str) -> tuple[str, str]:
    """Read a query.

    Args:
        file: a path, or `-` for standard input.

    Returns:
        What to call it in errors, and the query.

    Raises:
        UserError: it cannot be read, or is not text.
    """
    name = "standard input" if file == "-" else file
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return name, raw.decode("utf-8-sig")
    except OSError as error:
        raise UserError(
            f"{name}: cannot be read ({error.strerror}); give the path of a file, or - for stdin"
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{name}: is not UTF-8 text; save it as UTF-8") from error


def query(
    build: Build, sql: str, name: str, limits: Limits, out: Path | None = None, most_rows: int | None = None
) -> Answer:
    """Run a select in the sandbox.

    Args:
        build: the published build.
        sql: the select.
        name: what to call it in errors.
        limits: what it may use.
        out: a file for the rows, in the format its ending says; it appears whole or not at all.
        most_rows: how many rows to return; all without.

    Raises:
        UserError: the query is refused, wrong or too large, or the file cannot be written.
    """
    form = out.suffix.lstrip(".").lower() if out else None
    if out and form not in FORMATS:
        raise UserError(f"--out {out}: the ending must say the format, one of .{', .'.join(FORMATS)}")
    if out and not out.parent.is_dir():
        raise UserError(f"--out {out}: there is no folder {out.parent}; make it first")
    with tempfile.TemporaryDirectory(dir=out.parent if out else None, prefix=".activity-score-") as scratch:
        spool = Path(scratch) / "rows.jsonl"
        result = run_select(build.marts, sql, name, limits, spool)
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            result.load(connection, TABLE)
            if out:
                draft = Path(scratch) / out.name
                write_file(connection, TABLE, draft, form, out.stem)
                os.replace(draft, out)
            limit = "" if most_rows is None else f" limit {most_rows}"
            rows = [] if out else connection.execute(f"from {TABLE}{limit}").fetchall()
    return Answer(result.columns, rows, result.rows, out)


def as_json(answer: Answer) -> list[dict[str, Any]]:
    """The rows as JSON can hold them: days and moments as ISO text, decimals as numbers."""
    names = [name for name, _ in answer.columns]
    return [dict(zip(names, map(_json_value, row), strict=True)) for row in answer.rows]


def print_answer(answer: Answer, console: Console) -> None:
    """Print the rows as a table, or one below the other where a table is wider than the terminal.

    Args:
        answer: the rows.
        console: a rich console.
    """
    names = [printable(name) for name, _ in answer.columns]
    cells = [[_shown(value) for value in row] for row in answer.rows]
    widths = [max([len(name), *(min(len(row[at]), WIDEST) for row in cells)]) for at, name in enumerate(names)]
    needed = sum(widths) + 2 * len(widths)
    if not console.is_terminal:
        console.width = max(needed, console.width)
    if needed <= console.width:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
        for name, (_, kind), width in zip(names, answer.columns, widths, strict=True):
            justify = "right" if _is_number(kind) else "left"
            table.add_column(Text(name), justify=justify, no_wrap=True, overflow="ellipsis", min_width=width)
        for row in cells:
            table.add_row(*(Text(cell[:WIDEST]) for cell in row))
        console.print(table)
    else:
        longest = max(map(len, names))
        for number, row in enumerate(cells, start=1):
            console.print(Text(f"row {number}", QUIET))
            for name, cell in zip(names, row, strict=True):
                console.print(Text(f"  {name.ljust(longest)}  {cell}"), no_wrap=True, overflow="ellipsis")
    aside = "" if len(answer.rows) == answer.row_count else f", {len(answer.rows):,} shown; --limit or --out for more"
    console.print(Text(f"{answer.row_count:,} row{'s' * (answer.row_count != 1)}{aside}", QUIET))


def _is_number(kind: str) -> bool:
    return kind.startswith("DECIMAL") or kind.endswith(("INT", "INTEGER")) or kind in ("DOUBLE", "FLOAT")


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.2f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return printable(str(value))


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | None) else str(value)
