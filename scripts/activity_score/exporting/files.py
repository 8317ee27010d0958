"""Writes a table as a file of one of four formats, always the same bytes for the same rows."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from activity_score.exporting.workbook import write_workbook
from activity_score.sources import literal, quote

FORMATS = ("csv", "parquet", "jsonl", "xlsx")
# What a spreadsheet takes for a formula, also after blanks, and in the wide characters of East Asian keyboards.
FORMULA = r"^[\t\r\n\x00]|^[\s\x00\p{Z}\x{FEFF}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
NOT_FINITE = ("DOUBLE", "FLOAT")


def write_file(connection: duckdb.DuckDBPyConnection, table: str, file: Path, form: str, title: str) -> None:
    """Write all rows of a table, in their order.

    CSV and workbooks are opened by spreadsheets: there a text that would be a formula gets an apostrophe in front.
    Numbers are no texts and stay as they are. Parquet and JSON keep every text as it is.

    Args:
        connection: the engine that has the table.
        table: its name.
        file: the new file.
        form: `csv`, `parquet`, `jsonl` or `xlsx`.
        title: the name of the sheet of a workbook.

    Raises:
        UserError: the rows do not fit into a workbook.
    """
    target = literal(str(file))
    columns = [(name, str(kind)) for name, kind, *_ in connection.execute(f"from {quote(table)} limit 0").description]
    if form == "parquet":
        connection.execute(f"copy {quote(table)} to {target} (format parquet, compression zstd)")
    elif form == "jsonl":
        connection.execute(f"copy ({_finite(table, columns)}) to {target} (format json)")
    else:
        select, names = _harmless(connection, table, columns)
        if form == "csv":
            # Texts in quotes, also where they need none: a semicolon must not begin a new cell.
            texts = [name for name, (_, kind) in zip(names, columns, strict=True) if kind == "VARCHAR"]
            quoted = f", force_quote ({', '.join(map(quote, texts))})" if texts else ""
            connection.execute(f"copy ({select}) to {target} (format csv, header{quoted})")
        else:
            write_workbook(connection.execute(select), file, title)


def checksum(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Args:
        file: the file.
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _finite(table: str, columns: list[tuple[str, str]]) -> str:
    """JSON has no number that is infinite or none: they become null."""
    shown = (
        f"case when isfinite({quote(name)}) then {quote(name)} end as {quote(name)}"
        if kind in NOT_FINITE
        else quote(name)
        for name, kind in columns
    )
    return f"select {', '.join(shown)} from {quote(table)}"


def _harmless(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[tuple[str, str]]
) -> tuple[str, list[str]]:
    """A select in which no text is a formula, and its column names, of which none is one either."""
    query = f"select case when regexp_matches($1, {literal(FORMULA)}) then '''' || $1 else $1 end"
    names = [connection.execute(query, [name]).fetchone()[0] for name, _ in columns]
    shown = []
    for (name, kind), harmless in zip(columns, names, strict=True):
        column = quote(name)
        if kind == "VARCHAR":
            column = f"case when regexp_matches({column}, {literal(FORMULA)}) then '''' || {column} else {column} end"
        shown.append(f"{column} as {quote(harmless)}")
    return f"select {', '.join(shown)} from {quote(table)}", names
