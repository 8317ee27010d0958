"""What the values of a raw table show: where none of a column is right, it is a wrong file, not many wrong records."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from activity_score.columns import likely_name, say_missing
from activity_score.errors import UserError
from activity_score.raw_files import RawFile
from activity_score.raw_tables import count_rows
from activity_score.reading import Reading, names_in
from activity_score.sources import Table, quote

# Fewer unreadable times are so many wrong records, more of them and not one that can be read are a wrong column.
MANY_RECORDS = 10


def require_columns(connection: duckdb.DuckDBPyConnection, table: Table, files: Sequence[RawFile]) -> None:
    """Refuse files whose records name their columns themselves, where no record has one that is needed.

    Args:
        connection: the working database, with the table loaded.
        table: the table.
        files: the files that it was loaded from.

    Raises:
        UserError: a needed column is null in every row; the message names the first file and the mend.
    """
    if not files or not table.needed or not count_rows(connection, table):
        return
    counts = ", ".join(f"count(coalesce({', '.join(quote(column) for column in group)}))" for group in table.needed)
    filled = connection.execute(f"select {counts} from {table.relation}").fetchone()
    for group, count in zip(table.needed, filled, strict=True):
        if not count:
            raise UserError(say_missing(group, table, names_in(files[0], None), files[0]))


def require_values(
    connection: duckdb.DuckDBPyConnection, table: Table, readings: Sequence[tuple[RawFile, Reading]]
) -> None:
    """Refuse files in which no value of a column is what it must be: a single value, or a time.

    Args:
        connection: the working database, with the table loaded.
        table: the table.
        readings: the files that it was loaded from, and how they were read.

    Raises:
        UserError: a column has values, but not one that is right; the message names the first file and the mend.
    """
    if not readings:
        return
    file, reading = readings[0]
    for column in table.required:
        if column in table.nested:
            continue
        count, example = _none_is(connection, table, column, is_single(column))
        if count:
            raise UserError(
                f"{file.label}: each of the {count:,} values of {column!r} is an object or a list (such as"
                f" {example[:40]!r}) where a single value is expected; take the value out of it"
            )
    for column, may_be_number in table.moments:
        count, example = _none_is(connection, table, column, is_time(column, may_be_number))
        if count >= MANY_RECORDS:
            others = [name for name in names_in(file, reading) if name.strip().lower() != column.lower()]
            likely = likely_name(column, table.columns, others)
            rename = f", or rename {likely!r} to {column!r}" if likely else ""
            raise UserError(
                f"{file.label}: none of the {count:,} values of {column!r} is a time (such as {example[:40]!r});"
                f" {how_to_write_times(may_be_number)}{rename}"
            )


def is_single(column: str) -> str:
    """SQL that is true where a column holds a single value, rather than a JSON object or array.

    Args:
        column: the column of a raw table.
    """
    return f"not (left({quote(column)}, 1) in ('{{', '[') and json_valid({quote(column)}))"


def is_time(column: str, may_be_number: bool) -> str:
    """SQL that is true where a column holds a time that the models can read (macros/engines/try_timestamp.sql).

    Args:
        column: the column of a raw table.
        may_be_number: whether it may be a number since 1970.
    """
    text = f"trim({quote(column)})"
    near = f"regexp_replace({text}, ' ?(Z|[+-]\\d\\d(:?\\d\\d)?)$', '\\1')"
    near = f"regexp_replace({near}, '([T ]\\d\\d:\\d\\d)(Z|[+-])', '\\1:00\\2')"
    readable = f"coalesce(try_cast({text} as timestamptz), try_cast({near} as timestamptz)) is not null"
    return f"({readable} or try_cast({text} as double) is not null)" if may_be_number else readable


def how_to_write_times(may_be_number: bool) -> str:
    """The mend for times that cannot be read.

    Args:
        may_be_number: whether a time may be a number since 1970.
    """
    return f"write {'seconds since 1970 or ' if may_be_number else ''}ISO 8601 such as 2026-01-31T12:00:00Z"


def _none_is(connection: duckdb.DuckDBPyConnection, table: Table, column: str, condition: str) -> tuple[int, str]:
    """How many values a column has, and one of them, if none fulfils a condition; else 0."""
    if connection.execute(f"select 1 from {table.relation} where {condition} limit 1").fetchone():
        return 0, ""
    values = f"select count({quote(column)}), min({quote(column)}) from {table.relation}"
    count, example = connection.execute(values).fetchone()
    return count, example or ""
