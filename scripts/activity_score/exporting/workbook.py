"""Writes rows as an Excel workbook that can be read: widths, a header that stays, filters, formats, coloured scores."""

from __future__ import annotations

import math
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from xlsxwriter import Workbook

from activity_score.errors import UserError

MOST_ROWS = 1_048_575  # of a sheet, the header aside
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767  # characters of a cell
LARGEST_WHOLE = 2**53  # beyond, a spreadsheet rounds
MADE_ON = datetime(1980, 1, 1)  # the workbook's own date: the same rows give the same bytes
FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
WIDEST, NARROWEST = 60, 8  # characters
ROWS_AT_A_TIME = 5000
WEIGHED_ROWS = 1000  # that the widths are taken from
CATEGORY, SCORE = "activity_category", "activity_score"
FILLS = {"High": "#C6EFCE", "Medium": "#FFEB9C", "Low": "#EDEDED"}
NUMBERS = {"DOUBLE": "0.00####", "FLOAT": "0.00####", "DATE": "yyyy-mm-dd"}


def write_workbook(result: duckdb.DuckDBPyConnection, file: Path, title: str) -> None:
    """Write the rows of a query as a workbook of one sheet.

    Args:
        result: an executed query; no text of it begins like a formula.
        file: the new file.
        title: the name of the sheet; cut to what Excel allows.

    Raises:
        UserError: there are more rows or columns than a sheet holds.
    """
    columns = [(name, str(kind)) for name, kind, *_ in result.description]
    if len(columns) > MOST_COLUMNS:
        raise UserError(f"{file.name}: {len(columns)} columns do not fit into a sheet; use csv or parquet")
    with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
        settings = {"constant_memory": True, "tmpdir": scratch, "strings_to_urls": False, "strings_to_formulas": False}
        workbook = Workbook(str(file), {**settings, "strings_to_numbers": False, "in_memory": False})
        workbook.set_properties({"title": title, "created": MADE_ON})
        _fill(workbook, title, columns, result, file)
        workbook.close()


def _fill(
    workbook: Workbook, title: str, columns: list[tuple[str, str]], result: duckdb.DuckDBPyConnection, file: Path
) -> None:
    sheet = workbook.add_worksheet(_sheet_name(title))
    formats = [workbook.add_format({"num_format": number}) for number in map(_number_format, columns)]
    names = [name for name, _ in columns]
    fills = {}
    for category, colour in FILLS.items():
        fills[CATEGORY, category] = workbook.add_format({"bg_color": colour})
        fills[SCORE, category] = workbook.add_format({"bg_color": colour, "num_format": "0.00", "bold": True})
    coloured = {names.index(name): name for name in (CATEGORY, SCORE) if CATEGORY in names and name in names}
    header = workbook.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "valign": "vcenter"})
    sheet.set_row(0, 20)
    for position, name in enumerate(names):
        sheet.write_string(0, position, name[:LONGEST_TEXT], header)
    widths = [len(name) + 3 for name in names]  # room for the button of the filter
    number = 0
    while rows := result.fetchmany(ROWS_AT_A_TIME):
        for row in rows:
            number += 1
            if number > MOST_ROWS:
                raise UserError(
                    f"{file.name}: more than {MOST_ROWS:,} rows do not fit into a sheet; use csv or parquet"
                )
            for position, value in enumerate(row):
                shape = formats[position]
                if position in coloured:
                    shape = fills.get((coloured[position], row[names.index(CATEGORY)]), shape)
                length = _write(sheet, number, position, value, shape)
                if number <= WEIGHED_ROWS:
                    widths[position] = max(widths[position], length + 1)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, min(max(width, NARROWEST), WIDEST), formats[position])
    sheet.freeze_panes(1, 1 if len(columns) > 1 else 0)
    sheet.autofilter(0, 0, max(number, 1), len(columns) - 1)


def _sheet_name(title: str) -> str:
    """A name that Excel takes: 31 characters, none of `[]:*?/\\'`, and not `History`."""
    name = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)[:31]
    return f"{name} rows" if name.lower() == "history" else name


def _number_format(column: tuple[str, str]) -> str:
    _, kind = column
    if kind.startswith("DECIMAL"):
        digits = int(kind.rstrip(")").split(",")[1])
        return "0" + ("." + "0" * digits if digits else "")
    if kind.startswith("TIMESTAMP"):
        return "yyyy-mm-dd hh:mm:ss"
    return NUMBERS.get(kind, "General")


def _write(sheet: Any, row: int, column: int, value: Any, shape: Any) -> int:
    """Write one cell with its own type; returns how many characters wide it shows."""
    if value is None:
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, shape)
        return 5
    if isinstance(value, int | float | Decimal) and math.isfinite(value) and abs(value) <= LARGEST_WHOLE:
        sheet.write_number(row, column, value, shape)
        return len(f"{value:.6g}") + 2
    if isinstance(value, datetime) and value.date() >= FIRST_DAY:
        # A workbook has no time zones: it shows the time in UTC.
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, column, moment, shape)
        return 19
    if isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, shape)
        return 10
    text = value.hex() if isinstance(value, bytes) else str(value)
    if isinstance(value, time | timedelta):
        text = str(value)
    sheet.write_string(row, column, text[:LONGEST_TEXT], shape)
    return max(map(len, text[:200].splitlines()), default=0)
