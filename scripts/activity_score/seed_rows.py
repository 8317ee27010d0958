"""Reads the rows of a seed and tells what is wrong in each, by the types and rules of its columns.

Columns and types come from the `seeds/_*seeds.yml`, the same lines dbt loads the seeds by; rules from `seed_rules`.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from activity_score.errors import Problem
from activity_score.seed_rules import SEEDS


@dataclass(frozen=True)
class Row:
    """One row of a seed.

    Attributes:
        seed: name of the seed.
        number: the row as a spreadsheet counts it; the header is row 1.
        values: typed values by column; None where the cell is empty, no entry where it was found wrong.
    """

    seed: str
    number: int
    values: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        """The typed value of a column; None where there is none."""
        return self.values.get(column)

    def problem(self, what: str, mend: str, severity: str = "error") -> Problem:
        """A problem at this row."""
        return Problem(f"seeds/{self.seed}.csv, row {self.number}", what, mend, severity)


def parse_double(text: str) -> float:
    """Read a finite number, as a database would write one."""
    value = float(text)
    if "_" in text or not math.isfinite(value):
        raise ValueError(text)
    return value


def parse_integer(text: str) -> int:
    """Read a whole number written in digits only."""
    if not re.fullmatch("-?[0-9]+", text):
        raise ValueError(text)
    return int(text)


# By the type in the `seeds/_*seeds.yml`: how a cell is read, and what it must be.
TYPES: dict[str, tuple[Callable[[str], Any], str]] = {
    "text": (str, "text"),
    "double": (parse_double, "a finite number"),
    "integer": (parse_integer, "a whole number"),
    "boolean": (lambda text: {"true": True, "false": False}[text.lower()], "true or false"),
    "date": (date.fromisoformat, "a date such as 2026-01-31"),
}


def read_seed(file: Path, types: dict[str, str], problems: list[Problem]) -> list[Row]:
    """Read one seed and note everything wrong in it that shows without looking at another seed.

    Args:
        file: the CSV file; its name is the seed's name.
        types: type by column, as in the `seeds/_*seeds.yml`.
        problems: problems found are appended here.

    Returns:
        The rows that have as many cells as the header.
    """
    where = f"seeds/{file.name}"
    try:
        lines = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(keepends=True), strict=True))
    except FileNotFoundError:
        problems.append(Problem(where, "the file is missing", "restore it from the repository"))
        return []
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(where, f"not readable as CSV in UTF-8 ({error})", "save it as such"))
        return []
    header = lines[0] if lines else []
    for column in [column for column in types if column not in header]:
        problems.append(Problem(where, f"the column {column} is missing", "add it to the first row and to each row"))
    if SEEDS[file.stem].needs_rows and not any(lines[1:]):
        problems.append(Problem(where, "no rows", "restore the file from the repository or fill it in"))

    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        row = Row(file.stem, number, {})
        if len(cells) == len(header):
            rows.append(row)
            for column, text in zip(header, cells, strict=True):
                if column in types:
                    problems.extend(read_cell(row, column, text, types[column]))
        elif cells:  # an empty line says nothing
            what = f"{len(cells)} cells where the first row has {len(header)}"
            problems.append(row.problem(what, "put quotation marks around cells that hold commas"))
    problems.extend(find_duplicates(rows))
    return rows


def read_cell(row: Row, column: str, text: str, kind: str) -> Iterator[Problem]:
    """Read one cell by its type and rule into the row, or tell what is wrong with it."""
    seed = SEEDS[row.seed]
    if not text:
        if column == "comment":
            yield row.problem("comment is empty", "say why the row is as it is", "note")
        elif column not in seed.optional:
            yield row.problem(f"{column} is empty", "fill it in")
            return
        row.values[column] = None
        return
    parse, words = TYPES[kind]
    try:
        value = parse(text)
    except (ValueError, KeyError):
        yield row.problem(f"{column} is {text!r}", f"it must be {words}")
        return
    if text != text.strip():
        yield row.problem(f"{column} is {text!r}", "remove the spaces before and after it")
        return
    rule = seed.rules.get(column)
    if rule and not rule.holds(value):
        yield row.problem(f"{column} is {text!r}", f"it must be {rule.words}")
        return
    row.values[column] = value


def find_duplicates(rows: list[Row]) -> Iterator[Problem]:
    """Find rows that repeat the key of an earlier row."""
    for key in SEEDS[rows[0].seed].keys if rows else ():
        first: dict[tuple, int] = {}
        for row in rows:
            if not all(column in row.values for column in key):
                continue  # wrong anyway, and said
            values = tuple(row[column] for column in key)
            if values in first:
                named = " and ".join(f"{column} {row[column] or '(empty)'}" for column in key)
                yield row.problem(f"{named} stands in row {first[values]} already", "keep one of the two rows")
            first.setdefault(values, row.number)
