"""The records of a raw file that DuckDB cannot read by itself, taken out of it in Python."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from activity_score.errors import UserError
from activity_score.json_documents import records_within
from activity_score.raw_files import RawFile
from activity_score.reading import Reading
from activity_score.salvage import Record, not_utf8, split_csv, split_fields, split_json_lines, split_json_values
from activity_score.sources import Table
from activity_score.xml_rows import split_xml_rows


def inner_records(file: RawFile, reading: Reading, table: Table) -> Iterator[Record]:
    """Take the records out of a file of JSON documents or XML, as JSON lines.

    Args:
        file: the file.
        reading: how it is read: `documents` or `rows`.
        table: the table that is filled.

    Raises:
        UserError: the file is damaged as a whole.
    """
    return _rows_of(file, table) if reading.kind == "rows" else _records_in_documents(file, table)


def salvaged_records(file: RawFile, reading: Reading) -> tuple[Reading, bytes, Iterable[Record]]:
    """Take a text file apart that DuckDB refused.

    Args:
        file: the file.
        reading: how it was to be read: `csv`, `lines` or `values`.

    Returns:
        How its records are to be read, the line of its header (empty if there is none), and all records and rejects.

    Raises:
        UserError: where one record ends and the next begins cannot be told.
    """
    lines = list(file.lines())
    if reading.kind == "csv" and not reading.has_header:
        return reading, b"", split_fields(lines, reading.delimiter, len(reading.columns))
    if reading.kind == "csv":
        return reading, lines[0], split_csv(lines[1:], reading.delimiter, len(reading.columns), first_line=2)
    if reading.kind == "lines" and (file.format == "jsonl" or _is_mostly_records(lines)):
        return reading, b"", split_json_lines(lines)
    return replace(reading, kind="lines"), b"", _values(file, lines)


def _is_mostly_records(lines: list[bytes]) -> bool:
    """Whether a JSON file has one record a line (some damaged), rather than values that run over several lines."""
    faulty = [bool(record.reason) for record in split_json_lines(lines)]
    return sum(faulty) * 2 <= len(faulty)


def _values(file: RawFile, lines: list[bytes]) -> list[Record]:
    try:
        return list(split_json_values(b"\n".join(lines).decode("utf-8-sig")))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise UserError(f"{file.label}: the JSON is damaged or cut off ({place}); deliver it again") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file.label}: {not_utf8(error)}; save the file as UTF-8") from error


def _records_in_documents(file: RawFile, table: Table) -> Iterator[Record]:
    if file.format == "jsonl":
        documents = split_json_lines(file.lines())
    else:
        lines = list(file.lines())
        documents = split_json_lines(lines) if _is_mostly_records(lines) else _values(file, lines)
    return records_within(documents, table.records, table.bare_column)


def _rows_of(file: RawFile, table: Table) -> Iterator[Record]:
    try:
        yield from split_xml_rows(file.chunks(), table.columns)
    except ValueError as error:
        raise UserError(f"{file.label}: not XML with one element per row ({error}); deliver it again") from error
