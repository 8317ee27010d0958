"""The same records in another dress: whatever program wrote the file, the raw table is the same.

Every CSV fixture of every system, with its names in capitals, in another order, with columns nobody knows, with a mark
at its beginning, other line ends, compressed, and as Parquet with the types that its values suggest.
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from activity_score.load import load
from activity_score.project import load_project
from activity_score.sources import Table, system_tables

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted(file.relative_to(FIXTURES) for file in FIXTURES.glob("*/*.csv"))


def table_of(file: Path) -> Table:
    """The declared table that a fixture is of."""
    tables = system_tables(load_project(ROOT), file.parts[0])
    return next(table for table in tables if table.name.lower() == file.name.removesuffix(".csv").lower())


def rows_of(file: Path) -> list[list[str]]:
    """The lines of a fixture, its names first."""
    with (FIXTURES / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def as_csv(rows: list[list[str]], line_end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end).writerows(rows)
    return out.getvalue().encode()


def in_capitals(rows: list[list[str]]) -> bytes:
    """As Snowflake unloads a table."""
    return as_csv([[name.upper() for name in rows[0]], *rows[1:]])


def in_another_order(rows: list[list[str]]) -> bytes:
    return as_csv([row[::-1] for row in rows])


def with_more_columns(rows: list[list[str]]) -> bytes:
    """As a connector that adds columns, one of them without a name."""
    return as_csv([["_batch_seq", *rows[0], ""], *([str(n), *row, "x"] for n, row in enumerate(rows[1:]))])


def from_windows(rows: list[list[str]]) -> bytes:
    return b"\xef\xbb\xbf" + as_csv(rows, "\r\n")


def in_quotes(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode()


def compressed(rows: list[list[str]]) -> bytes:
    return gzip.compress(as_csv(rows))


def as_parquet(rows: list[list[str]]) -> bytes:
    """With the types that DuckDB finds in the values: times, whole numbers, fractions, truth values."""
    with tempfile.TemporaryDirectory() as folder:
        plain, typed = Path(folder) / "made.csv", Path(folder) / "made.parquet"
        plain.write_bytes(as_csv(rows))
        duckdb.sql(f"copy (from read_csv('{plain}', header = true)) to '{typed}' (format parquet)")
        return typed.read_bytes()


VARIANTS = {
    "csv": [in_capitals, in_another_order, with_more_columns, from_windows, in_quotes],
    "csv.gz": [compressed],
    "parquet": [as_parquet],
}


def loaded(folder: Path, table: Table, ending: str, content: bytes) -> list[tuple]:
    """The raw table of a file, with every time and number written in one way."""
    file = folder / table.system / f"{table.name}.{ending}"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    database = folder / "work.duckdb"
    load([table], folder, database)
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(f"select * from {table.relation}").fetchall()
    return sorted(tuple(one_way(value) for value in row) for row in rows)


def one_way(value: str | None) -> str:
    """A value as text: times as ISO 8601, numbers as such."""
    text = value or ""
    for read in (datetime.fromisoformat, float):
        try:
            return str(read(text.replace(" UTC", "Z").replace("Z", "+00:00"))).replace("+00:00", "")
        except ValueError:
            continue
    return text.lower()


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_in_another_dress_loads_the_same(tmp_path, file):
    table, rows = table_of(file), rows_of(file)
    expected = loaded(tmp_path / "as it is", table, "csv", as_csv(rows))
    assert len(expected) == len(rows) - 1
    for ending, variants in VARIANTS.items():
        for variant in variants:
            assert loaded(tmp_path / variant.__name__, table, ending, variant(rows)) == expected, variant.__name__


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_without_records_is_an_empty_table(tmp_path, file):
    table, names = table_of(file), rows_of(file)[:1]
    for number, content in enumerate([b"", b"\n", as_csv(names), from_windows(names), as_csv(names).strip()]):
        assert loaded(tmp_path / str(number), table, "csv", content) == []
