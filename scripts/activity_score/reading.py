"""How a raw file is to be read, as its beginning tells: which kind of file it is, and the names of its columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from activity_score.errors import UserError, first_line
from activity_score.json_documents import first_found
from activity_score.raw_files import RawFile
from activity_score.salvage import not_utf8, split_json_values
from activity_score.sources import Table
from activity_score.xml_rows import first_attributes

DELIMITERS = {"csv": ",", "tsv": "\t"}
# The kinds of reading that find columns by their names in each record; the others have names for the whole file.
BY_NAME = ("lines", "values", "documents", "rows")


@dataclass(frozen=True)
class Reading:
    """How to read one or more files that look alike.

    Attributes:
        kind: `csv`, `lines` (JSON lines), `values` (a JSON array, or JSON values one after another), `documents` (JSON
            with the records inside), `rows` (XML) or `parquet`.
        columns: the names in the header (CSV) or the schema (Parquet), as they are in the file.
        types: the types of the columns (Parquet).
        delimiter: between the fields (CSV).
        folder: the name of the folder in which they lie, where the table has a column for it; else empty.
        has_header: whether the first line names the columns (CSV); where it does not, nothing is quoted either.
    """

    kind: str
    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    delimiter: str = ""
    folder: str = ""
    has_header: bool = True


def how_to_read(file: RawFile, table: Table) -> Reading | None:
    """Look at the beginning of a file; none if it is empty.

    Args:
        file: the file.
        table: the table that is filled.

    Raises:
        UserError: the file is damaged, is not UTF-8, or has no proper header.
    """
    if file.format == "parquet":
        return replace(_read_schema(file), folder=file.folder)
    head = file.head()
    if not head.strip():
        return None
    if file.format in DELIMITERS:
        first, delimiter = head.splitlines()[0], DELIMITERS[file.format]
        if file.format == "tsv" and table.tsv_columns and not _names_columns(first, delimiter, table):
            columns = table.tsv_columns
            return Reading("csv", columns=columns, delimiter=delimiter, folder=file.folder, has_header=False)
        return replace(_read_header(file, first, delimiter), folder=file.folder)
    if file.format == "xml":
        return Reading("rows", folder=file.folder)
    if table.records and _may_hold_records(head, table.records):
        return Reading("documents", folder=file.folder)
    return Reading("values" if file.format == "json" and head.lstrip()[:1] == b"[" else "lines", folder=file.folder)


def names_in(file: RawFile, reading: Reading | None) -> Sequence[str]:
    """The names of a file's columns; of JSON and XML those of the first record.

    Args:
        file: the file.
        reading: how it is read.
    """
    return reading.columns if reading and reading.kind not in BY_NAME else _first_keys(file)


def _names_columns(line: bytes, delimiter: str, table: Table) -> bool:
    """Whether a line is a header after all: somebody wrote one, or exported the table with its names."""
    names = {name.strip(' "').lower() for name in line.decode("utf-8", "replace").split(delimiter)}
    return names.issuperset(table.required or table.tsv_columns)


def _read_header(file: RawFile, line: bytes, delimiter: str) -> Reading:
    try:
        header = next(csv.reader([line.decode("utf-8")], delimiter=delimiter, strict=True, skipinitialspace=True))
    except UnicodeDecodeError as error:
        raise UserError(f"{file.label}: the header is {not_utf8(error)}; save the file as UTF-8") from error
    except csv.Error as error:
        raise UserError(f"{file.label}: the header cannot be read ({error}); mend the first line") from error
    return Reading("csv", columns=tuple(header), delimiter=delimiter)


def _read_schema(file: RawFile) -> Reading:
    try:
        rows = duckdb.sql(f"describe from read_parquet({file.pattern}, hive_partitioning = false)").fetchall()
    except duckdb.Error as error:
        raise UserError(f"{file.label}: not a Parquet file ({first_line(error)}); deliver it again") from error
    return Reading("parquet", columns=tuple(row[0] for row in rows), types=tuple(row[1] for row in rows))


def _may_hold_records(head: bytes, paths: Sequence[str]) -> bool:
    """Whether the first JSON value of a file has records inside; yes where it cannot be read, being too long, say."""
    text = head.decode("utf-8", "replace").lstrip().removeprefix("[").lstrip()
    try:
        return first_found(json.JSONDecoder().raw_decode(text)[0], paths)[0] != ""
    except json.JSONDecodeError:
        return True


def _first_keys(file: RawFile) -> list[str]:
    if file.format == "xml":
        return first_attributes(file.head())
    try:
        first = next(split_json_values(file.head().decode("utf-8", "replace")))
        return list(json.loads(first.raw))
    except (StopIteration, ValueError):
        return []
