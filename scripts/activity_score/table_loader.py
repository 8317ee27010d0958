"""Loads raw files into one raw table: every declared column, as text, and nothing is lost on the way.

The fast path lets DuckDB read strictly and compares its rows with the lines of the files. Where DuckDB refuses a file
or the counts differ, `salvage` takes the file apart line by line: every line ends in the raw table or, with the reason
and its line number, in `raw_activity_score.unreadable_records`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

import duckdb

from activity_score.errors import UserError, first_line
from activity_score.raw_files import RawFile
from activity_score.raw_records import inner_records, salvaged_records
from activity_score.raw_select import select
from activity_score.raw_values import require_columns, require_values
from activity_score.reading import BY_NAME, Reading, how_to_read
from activity_score.salvage import Record
from activity_score.sources import Table, literal, quote

# What says that the content is at fault; anything else (memory, disk) is not the file's fault.
CONTENT_ERRORS = (duckdb.InvalidInputException, duckdb.ConversionException)
# Records inside documents are taken out of them and loaded so many at a time.
RECORDS_AT_A_TIME = 20_000


class _Differs(Exception):
    """DuckDB read another number of rows than the files have."""


class TableLoader:
    """Loads tables one by one and keeps what could not be read.

    Args:
        connection: the working database, its raw tables created.
        scratch: an empty folder for files on the way.

    Attributes:
        files: how many files were loaded.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:  # noqa: D107 - the class says it
        self.connection = connection
        self.scratch = scratch
        self.files = 0
        self.rejects: list[tuple[Table, RawFile, Record]] = []

    def load(self, table: Table, files: Sequence[RawFile]) -> None:
        """Load all files of one table, those that look alike together.

        Args:
            table: the table.
            files: the files, or the parts of files, to read.

        Raises:
            UserError: a file cannot be used; the message says which and the mend.
        """
        self.files += len(files)
        readings = [(file, how_to_read(file, table)) for file in files]
        readings = sorted(((f, r) for f, r in readings if r), key=lambda pair: (repr(pair[1]), pair[0].label))
        if table.is_append and {reading.kind for _, reading in readings} == {"parquet"}:
            self._read_in_place(table, readings)
            require_values(self.connection, table, readings)
            return
        for reading, group in groupby(readings, key=lambda pair: pair[1]):
            self._load_group(table, reading, [file for file, _ in group])
        require_columns(self.connection, table, [file for file, reading in readings if reading.kind in BY_NAME])
        require_values(self.connection, table, readings)

    def write_unreadable(self) -> None:
        """Write the records that could not be read."""
        if not self.rejects:
            return
        path = self.scratch / "unreadable.jsonl"
        rows = [json.dumps(_unreadable(*reject)) for reject in self.rejects]
        path.write_text("\n".join(rows), encoding="utf-8")
        longest = max(16 << 20, max(len(row) for row in rows) + 1)
        self.connection.execute("set preserve_insertion_order = true")  # they stand as in the files
        self.connection.execute(
            "insert into raw_activity_score.unreadable_records"
            f" select s, t, record, reason, null from read_json({literal(str(path))}, format = 'newline_delimited',"
            f" maximum_object_size = {longest},"
            " columns = {s: 'varchar', t: 'varchar', record: 'varchar', reason: 'varchar'})"
        )
        self.connection.execute("set preserve_insertion_order = false")

    def _load_group(self, table: Table, reading: Reading, files: list[RawFile]) -> None:
        if reading.kind in ("documents", "rows"):
            for file in files:
                self._load_inner_records(table, reading, file)
            return
        query = select(table, reading, [file.pattern for file in files], files[0])
        try:
            with ThreadPoolExecutor() as pool:
                counted = reading.kind in ("csv", "lines")
                # DuckDB takes a line with an empty field too many, which may be one whose fields have moved by one.
                fields = 0 if reading.has_header else len(reading.columns)
                # Counted while DuckDB reads.
                lines = pool.map(lambda file: file.count_lines(fields), files) if counted else None
                headers = len(files) if reading.kind == "csv" and reading.has_header else 0
                self._insert(table, query, lambda: sum(lines) - headers if counted else None)
        except (*CONTENT_ERRORS, _Differs, duckdb.IOException) as error:
            if len(files) > 1:
                for file in files:
                    self._load_group(table, reading, [file])
            else:
                self._salvage(table, reading, files[0], error)

    def _read_in_place(self, table: Table, readings: list[tuple[RawFile, Reading]]) -> None:
        """Let the models read Parquet files where they are: each record is wanted once, and a copy costs as much.

        A table whose rows stay for later builds cannot do so: its files may have gone by then.
        """
        selects = []
        for reading, group in groupby(readings, key=lambda pair: pair[1]):
            files = [replace(file, path=file.path.resolve()) for file, _ in group]  # dbt runs in another folder
            selects.append(select(table, reading, [file.pattern for file in files], files[0]))
        columns = ", ".join(quote(column) for column in table.columns)
        self.connection.execute(f"drop table {table.relation}")
        self.connection.execute(f"create view {table.relation} ({columns}) as {' union all '.join(selects)}")

    def _load_inner_records(self, table: Table, reading: Reading, file: RawFile) -> None:
        """Take the records out of a file of documents or XML, and load them as JSON lines."""
        records = inner_records(file, reading, table)
        while some := list(islice(records, RECORDS_AT_A_TIME)):
            self._load_good_records(table, replace(reading, kind="lines"), file, b"", some)

    def _insert(self, table: Table, query: str, expected) -> None:
        """Insert in one transaction, if the number of rows is the expected one."""
        self.connection.execute("begin")
        try:
            rows = self.connection.execute(f"insert into {table.relation} {query}").fetchone()[0]
            wanted = expected()
            if wanted is not None and rows != wanted:
                raise _Differs(f"{rows} rows were read from {wanted} lines")
            self.connection.execute("commit")
        except BaseException:
            self.connection.execute("rollback")
            raise

    def _salvage(self, table: Table, reading: Reading, file: RawFile, error: Exception) -> None:
        if reading.kind == "parquet" or isinstance(error, duckdb.IOException):
            raise UserError(f"{file.label}: the file is damaged ({first_line(error)}); deliver it again") from error
        reading, header, records = salvaged_records(file, reading)
        self._load_good_records(table, reading, file, header, records)

    def _load_good_records(self, table: Table, reading: Reading, file: RawFile, header: bytes, records) -> None:
        """Load the records that can be read and keep the others."""
        good = []
        for record in records:
            if record.reason:
                self.rejects.append((table, file, record))
            else:
                good.append(record)
        self._load_records(table, reading, file, header, good)

    def _load_records(self, table: Table, reading: Reading, file: RawFile, header: bytes, records: list[Record]):
        """Load the records that were found readable; halve them until what DuckDB still refuses stands alone."""
        if not records:
            return
        path = self.scratch / f"salvaged.{reading.kind}"
        path.write_bytes(b"\n".join([*([header] if header else []), *(record.raw for record in records), b""]))
        query = select(table, reading, [literal(str(path))], file)
        try:
            self._insert(table, query, lambda: len(records))
        except (*CONTENT_ERRORS, _Differs) as error:
            if len(records) == 1:
                only = records[0]
                self.rejects.append((table, file, Record(only.line, only.raw, first_line(error))))
                return
            middle = len(records) // 2
            self._load_records(table, reading, file, header, records[:middle])
            self._load_records(table, reading, file, header, records[middle:])


def _unreadable(table: Table, file: RawFile, record: Record) -> dict[str, str]:
    reason = f"{file.label}, line {record.line}: {record.reason}"
    return {"s": table.system, "t": table.name, "record": record.text, "reason": reason}
