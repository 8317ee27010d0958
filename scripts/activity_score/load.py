"""Loads raw files into the working database: every declared column, as text, and nothing is lost on the way.

The fast path lets DuckDB read strictly and compares its rows with the lines of the files. Where DuckDB refuses a file
or the counts differ, `salvage` takes the file apart line by line: every line ends in the raw table or, with the reason
and its line number, in `raw_activity_score.unreadable_records`.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, field, replace
from itertools import groupby, islice
from pathlib import Path

import duckdb

from activity_score.arrivals import Arrivals, Arrived, KnownFile, added_part, find_arrivals
from activity_score.columns import likely_name
from activity_score.errors import UserError
from activity_score.json_documents import first_found, records_within
from activity_score.raw_files import RawFile, find_files
from activity_score.salvage import Record, not_utf8, split_csv, split_fields, split_json_lines, split_json_values
from activity_score.sources import Table, literal, quote
from activity_score.xml_rows import first_attributes, split_xml_rows

# What says that the content is at fault; anything else (memory, disk) is not the file's fault.
CONTENT_ERRORS = (duckdb.InvalidInputException, duckdb.ConversionException)
_FILE_COLUMNS = ("source_system", "table_name", "file", "size", "modified", "digest")
DELIMITERS = {"csv": ",", "tsv": "\t"}
# The kinds of reading that find columns by their names in each record; the others have names for the whole file.
BY_NAME = ("lines", "values", "documents", "rows")
# Fewer unreadable times are so many wrong records, more of them and not one that can be read are a wrong column.
MANY_RECORDS = 10
# Records inside documents are taken out of them and loaded so many at a time.
RECORDS_AT_A_TIME = 20_000

_SUPPORT_TABLES = """
create schema if not exists raw_activity_score;
create or replace table raw_activity_score.unreadable_records (
    source_system varchar, table_name varchar, record varchar, reason varchar, loaded_at timestamp
);
create or replace table raw_activity_score.publications (
    published_at timestamp, as_of_date date, model_version varchar, account_id varchar, activity_score decimal(5, 2)
);
create or replace table raw_activity_score.restated_systems (source_system varchar);
create or replace table raw_activity_score.read_records (
    source_system varchar, table_name varchar, record_count bigint
);
create or replace table raw_activity_score.read_files (
    source_system varchar, table_name varchar, file varchar, size bigint, modified bigint, digest varchar
);
create or replace table raw_activity_score.earlier_settings (
    tenant_id varchar, setting varchar, key varchar, value varchar
);
create or replace table raw_activity_score.earlier_developers (developer_id varchar, account_id varchar);
create or replace table raw_activity_score.segment_changes (
    segment varchar, account_id varchar, change varchar, changed_on date
);
"""
# What each build takes over from the one before it: our own raw table, and the published table it is read from.
_CARRIED_ON = {"publications": "score_publications", "segment_changes": "segment_changes"}


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


@dataclass
class LoadResult:
    """What was loaded.

    Attributes:
        rows: the number of rows per raw table (`generic.activities`).
        unreadable: the number of records set aside.
        files: the number of files read.
    """

    rows: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    files: int = 0


class _Differs(Exception):
    """DuckDB read another number of rows than the files have."""


def load(
    tables: Sequence[Table],
    data_dir: Path,
    database: Path,
    history: Path | None = None,
    resting: Sequence[Table] = (),
    *,
    goes_on: bool = False,
    arrivals: Arrivals | None = None,
) -> LoadResult:
    """Load the raw files of every declared table into a working database.

    Args:
        tables: the declared tables of the systems that are switched on.
        data_dir: the data directory.
        database: the working database; created where it does not exist.
        history: the published file whose history of scores and segments the new build carries on, if there is one.
        resting: the tables of the systems that are switched off; created, and left empty.
        goes_on: whether the database is that of the last build, so that only what arrived since is read.
        arrivals: what `arrivals_since` found, where that was asked before.

    Returns:
        The counts of what was loaded.

    Raises:
        UserError: there is no feed of activities, or a file cannot be used; the message says which and the mend.
    """
    files = {table: find_files(data_dir, table) for table in tables}
    _require_activities(files, data_dir)
    with connect(database) as connection, tempfile.TemporaryDirectory(dir=database.parent) as scratch:
        if not goes_on:
            create_raw_tables(connection, [*tables, *resting])
        if history:
            _carry_on(connection, history)
        if arrivals is None:
            arrivals = find_arrivals(files, _known_files(connection) if goes_on else None)
        loader = _Loader(connection, Path(scratch))
        loader.result.rows = {f"{table.system}.{table.name}": 0 for table in files}
        for table, arrived in arrivals.tables.items():
            loader.read_table(table, arrived, adds=table.is_append and table.system not in arrivals.restated)
        _remember(connection, arrivals)
        return loader.finish()


def arrivals_since(tables: Sequence[Table], data_dir: Path, database: Path | None) -> Arrivals:
    """Look what has arrived since a database was loaded.

    Args:
        tables: the declared tables of the systems that are switched on.
        data_dir: the data directory.
        database: what the last build left, which is only read; None where everything is to be read.
    """
    files = {table: find_files(data_dir, table) for table in tables}
    if database is None:
        return find_arrivals(files, None)
    with duckdb.connect(str(database), read_only=True) as connection:
        return find_arrivals(files, _known_files(connection))


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open the working database with the settings that dbt's profile opens it with.

    Args:
        database: the file.
    """
    connection = duckdb.connect(str(database), config={"storage_compatibility_version": "v1.5.0"})
    connection.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
    return connection


def create_raw_tables(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Create every declared raw table, and the runner's own, empty.

    Args:
        connection: the working database.
        tables: the declared tables.
    """
    connection.execute(_SUPPORT_TABLES)
    for table in tables:
        connection.execute(f"create schema if not exists {quote('raw_' + table.system)}")
        _create_raw_table(connection, table)


def empty_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Take all rows out of a raw table; where it stands for Parquet files, a table takes its place again.

    Args:
        connection: the working database.
        table: the table.
    """
    # Values as text, here and below: for parameters DuckDB's binding imports pandas, a third of a second.
    stands_for_files = connection.execute(
        "select true from duckdb_views()"
        f" where schema_name = {literal('raw_' + table.system)} and view_name = {literal(table.name)}"
    ).fetchone()
    if stands_for_files:
        connection.execute(f"drop view {table.relation}")
        _create_raw_table(connection, table)
    else:
        connection.execute(f"delete from {table.relation}")


def _create_raw_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = ", ".join(f"{quote(column)} varchar" for column in table.columns)
    connection.execute(f"create or replace table {table.relation} ({columns})")


def _require_activities(files: dict[Table, list[RawFile]], data_dir: Path) -> None:
    feeds = [table for table in files if table.is_activities] or list(files)
    if not any(files[table] for table in feeds):
        expected = ", ".join(f"{data_dir}/{table.system}/{table.name}.csv" for table in feeds)
        raise UserError(
            f"{data_dir}: no activities found; expected a file (csv, jsonl or parquet) or a folder of part files"
            f" such as {expected}"
        )


def _known_files(connection: duckdb.DuckDBPyConnection) -> list[KnownFile]:
    columns = ", ".join(_FILE_COLUMNS)
    rows = connection.execute(f"select {columns} from raw_activity_score.read_files").fetchall()
    return [KnownFile(*row) for row in rows]


def _remember(connection: duckdb.DuckDBPyConnection, arrivals: Arrivals) -> None:
    """Note which files were read, and which systems the models must compare as a whole."""
    connection.execute("delete from raw_activity_score.read_files; delete from raw_activity_score.restated_systems")
    known = [astuple(file) for file in arrivals.known]
    for table, rows in (("read_files", known), ("restated_systems", [(system,) for system in arrivals.restated])):
        if rows:
            values = ", ".join(f"({', '.join(literal(str(value)) for value in row)})" for row in rows)
            connection.execute(f"insert into raw_activity_score.{table} values {values}")


def _carry_on(connection: duckdb.DuckDBPyConnection, history: Path) -> None:
    connection.execute(f"attach {literal(str(history))} as history (read_only)")
    found = connection.execute("select table_name from duckdb_tables() where database_name = 'history'").fetchall()
    for table, mart in _CARRIED_ON.items():
        connection.execute(f"delete from raw_activity_score.{table}")
        if (mart,) in found:  # a build of an earlier version has no segments
            connection.execute(f"insert into raw_activity_score.{table} by name from history.marts.{mart}")
    connection.execute("detach history")


class _Loader:
    """Loads the tables one by one and keeps what could not be read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self.connection = connection
        self.scratch = scratch
        self.rejects: list[tuple[Table, RawFile, Record]] = []
        self.result = LoadResult()

    def read_table(self, table: Table, arrived: Arrived, *, adds: bool) -> None:
        """Load what arrived for one table, and count it.

        Args:
            table: the table.
            arrived: what is to be read.
            adds: whether what was read before still counts, although the table begins empty.
        """
        named = [literal(table.system), literal(table.name)]
        same = f"source_system = {named[0]} and table_name = {named[1]}"
        empty_table(self.connection, table)
        if not adds:
            for counts in ("read_records", "unreadable_records"):
                self.connection.execute(f"delete from raw_activity_score.{counts} where {same}")
        added = []
        for file, known in arrived.grown:
            reading = how_to_read(file, table)
            has_header = reading is not None and reading.kind == "csv" and reading.has_header
            added.append(added_part(file, known, self.scratch, has_header=has_header))
        self.load_table(table, [*arrived.files, *added])
        rows = self._count(table)
        if rows:
            self.connection.execute(f"insert into raw_activity_score.read_records values ({', '.join(named)}, {rows})")

    def load_table(self, table: Table, files: list[RawFile]) -> None:
        """Load all files of one table, those that look alike together."""
        self.result.files += len(files)
        readings = [(file, how_to_read(file, table)) for file in files]
        readings = sorted(((f, r) for f, r in readings if r), key=lambda pair: (repr(pair[1]), pair[0].label))
        if table.is_append and {reading.kind for _, reading in readings} == {"parquet"}:
            self._read_in_place(table, readings)
            self._check_values(table, readings)
            return
        for reading, group in groupby(readings, key=lambda pair: pair[1]):
            self._load_group(table, reading, [file for file, _ in group])
        self._check_json_columns(table, [file for file, reading in readings if reading.kind in BY_NAME])
        self._check_values(table, readings)

    def finish(self) -> LoadResult:
        """Write the records that could not be read; return the counts, of this build and those before."""
        if self.rejects:
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
        counts = "select source_system || '.' || table_name, sum(record_count)::bigint"
        rows = self.connection.execute(
            f"{counts} from raw_activity_score.read_records group by 1 order by 1"
        ).fetchall()
        self.result.rows.update(rows)
        unreadable = self.connection.execute("select count(*) from raw_activity_score.unreadable_records").fetchone()
        self.result.unreadable = unreadable[0]
        return self.result

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
        records = _rows_of(file, table) if reading.kind == "rows" else _records_in_documents(file, table)
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
        lines = list(file.lines())
        header = b""
        if reading.kind == "csv" and not reading.has_header:
            records = split_fields(lines, reading.delimiter, len(reading.columns))
        elif reading.kind == "csv":
            header, lines = lines[0], lines[1:]
            records = split_csv(lines, reading.delimiter, len(reading.columns), first_line=2)
        elif reading.kind == "lines" and (file.format == "jsonl" or _is_mostly_records(lines)):
            records = split_json_lines(lines)
        else:
            reading = replace(reading, kind="lines")
            records = _values(file, lines)
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

    def _count(self, table: Table) -> int:
        return self.connection.execute(f"select count(*) from {table.relation}").fetchone()[0]

    def _check_json_columns(self, table: Table, files: list[RawFile]) -> None:
        """A required column that no record has is a wrong file, not so many wrong records."""
        if not files or not table.needed or not self._count(table):
            return
        counts = ", ".join(f"count(coalesce({', '.join(quote(column) for column in group)}))" for group in table.needed)
        filled = self.connection.execute(f"select {counts} from {table.relation}").fetchone()
        for group, count in zip(table.needed, filled, strict=True):
            if not count:
                raise UserError(_missing(group, table, names_in(files[0], None), files[0]))

    def _check_values(self, table: Table, readings: list[tuple[RawFile, Reading]]) -> None:
        """Values that are right in no record are those of a wrong file, not so many wrong records."""
        if not readings:
            return
        file, reading = readings[0]
        for column in table.required:
            if column in table.nested:
                continue
            count, example = self._none_is(table, column, is_single(column))
            if count:
                raise UserError(
                    f"{file.label}: each of the {count:,} values of {column!r} is an object or a list (such as"
                    f" {example[:40]!r}) where a single value is expected; take the value out of it"
                )
        for column, may_be_number in table.moments:
            count, example = self._none_is(table, column, is_time(column, may_be_number))
            if count >= MANY_RECORDS:
                others = [name for name in names_in(file, reading) if name.strip().lower() != column.lower()]
                likely = likely_name(column, table.columns, others)
                rename = f", or rename {likely!r} to {column!r}" if likely else ""
                raise UserError(
                    f"{file.label}: none of the {count:,} values of {column!r} is a time (such as {example[:40]!r});"
                    f" {how_to_write_times(may_be_number)}{rename}"
                )

    def _none_is(self, table: Table, column: str, condition: str) -> tuple[int, str]:
        """How many values a column has, and one of them, if none fulfils a condition; else 0."""
        if self.connection.execute(f"select 1 from {table.relation} where {condition} limit 1").fetchone():
            return 0, ""
        values = f"select count({quote(column)}), min({quote(column)}) from {table.relation}"
        count, example = self.connection.execute(values).fetchone()
        return count, example or ""


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


def names_in(file: RawFile, reading: Reading | None) -> Sequence[str]:
    """The names of a file's columns; of JSON and XML those of the first record.

    Args:
        file: the file.
        reading: how it is read.
    """
    return reading.columns if reading and reading.kind not in BY_NAME else _first_keys(file)


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


def select(table: Table, reading: Reading, paths: list[str], file: RawFile) -> str:
    """Write the select that reads files into the declared columns, as text.

    Args:
        table: the table that is filled.
        reading: how to read the files.
        paths: the files, as SQL literals.
        file: one of them, for messages.

    Raises:
        UserError: a required column is missing.
    """
    listed = ", ".join(paths)
    if reading.kind in ("lines", "values"):
        columns = ", ".join(f"{quote(column)}: 'varchar'" for column in table.columns)
        names = ", ".join(_or_folder(column, quote(column), table, reading) for column in table.columns)
        shape = "newline_delimited" if reading.kind == "lines" else "array"
        return (
            f"select {names} from read_json([{listed}], format = '{shape}', columns = {{{columns}}},"
            " hive_partitioning = false)"
        )
    found = match_columns(table, reading.columns, file)
    if reading.kind == "parquet":
        texts = [_parquet_text(quote(n), t) for n, t in zip(reading.columns, reading.types, strict=True)]
        source = f"read_parquet([{listed}], hive_partitioning = false)"
    else:  # by position in the header of these very files: a column's name may repeat or be empty
        texts = [f"c{position}" for position in range(len(reading.columns))]
        columns = ", ".join(f"{text}: 'varchar'" for text in texts)
        quote_mark = '"' if reading.has_header else ""
        source = (
            f"read_csv([{listed}], columns = {{{columns}}}, auto_detect = false, header = {reading.has_header},"
            f" delim = {literal(reading.delimiter)}, quote = '{quote_mark}', escape = '{quote_mark}',"
            " strict_mode = true, hive_partitioning = false)"
        )
        # DuckDB 1.5 breaks down, instead of refusing the line, over a byte that is not UTF-8 while it skips columns.
        skipped = [text for position, text in enumerate(texts) if position not in found.values()]
        source += f" where concat({', '.join(skipped)}) is not null" if skipped else ""
    chosen = []
    for column in table.columns:
        value = texts[found[column]] if column in found else "null::varchar"
        chosen.append(f"{_or_folder(column, value, table, reading)} as {quote(column)}")
    return f"select {', '.join(chosen)} from {source}"


def _or_folder(column: str, value: str, table: Table, reading: Reading) -> str:
    """The value of a column as SQL; the folder's name stands in where the record itself does not say."""
    if not reading.folder or column != table.folder_column:
        return value
    return f"coalesce({value}, {literal(reading.folder)})"


def match_columns(table: Table, names: Sequence[str], file: RawFile) -> dict[str, int]:
    """Find the declared columns among a file's own, by name; upper and lower case and spaces around do not matter.

    Args:
        table: the table with its declared columns.
        names: the names in the file.
        file: the file, for messages.

    Returns:
        The position of each declared column that the file has.

    Raises:
        UserError: a required column is missing, or a declared one is there twice.
    """
    folded = [name.strip().lower() for name in names]
    found: dict[str, int] = {}
    for column in table.columns:
        exact = [position for position, name in enumerate(names) if name == column]
        positions = exact or [position for position, name in enumerate(folded) if name == column.lower()]
        if len(positions) > 1:
            raise UserError(f"{file.label}: the column {column!r} is there {len(positions)} times; keep one of them")
        if positions:
            found[column] = positions[0]
    for group in table.needed:
        if not any(column in found for column in group):
            raise UserError(_missing(group, table, names, file))
    return found


def first_line(error: Exception) -> str:
    """The first line of a DuckDB message that says what is wrong."""
    lines = [line.strip().removeprefix("Invalid Input Error: ") for line in str(error).splitlines()]
    said = [line for line in lines if line and not line.startswith(("CSV Error on Line", "Original Line"))]
    return said[0] if said else type(error).__name__


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


def _parquet_text(column: str, data_type: str) -> str:
    """A value as text, without what its type adds: ids become fractions where some row has none."""
    if data_type in ("DOUBLE", "FLOAT"):
        is_whole = f"{column} = floor({column}) and abs({column}) < 1e15"
        return f"case when {is_whole} then {column}::bigint::varchar else {column}::varchar end"
    if data_type == "BLOB":  # some programs write text without saying that it is text
        return f"coalesce(try(decode({column})), {column}::varchar)"
    is_nested = data_type.endswith("]") or data_type.startswith(("STRUCT", "MAP"))
    return f"to_json({column})::varchar" if is_nested else f"{column}::varchar"


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


def _may_hold_records(head: bytes, paths: Sequence[str]) -> bool:
    """Whether the first JSON value of a file has records inside; yes where it cannot be read, being too long, say."""
    text = head.decode("utf-8", "replace").lstrip().removeprefix("[").lstrip()
    try:
        return first_found(json.JSONDecoder().raw_decode(text)[0], paths)[0] != ""
    except json.JSONDecodeError:
        return True


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


def _first_keys(file: RawFile) -> list[str]:
    if file.format == "xml":
        return first_attributes(file.head())
    try:
        first = next(split_json_values(file.head().decode("utf-8", "replace")))
        return list(json.loads(first.raw))
    except (StopIteration, ValueError):
        return []


def _unreadable(table: Table, file: RawFile, record: Record) -> dict[str, str]:
    reason = f"{file.label}, line {record.line}: {record.reason}"
    return {"s": table.system, "t": table.name, "record": record.text, "reason": reason}


def _missing(group: Sequence[str], table: Table, names: Sequence[str], file: RawFile) -> str:
    has = ", ".join(name for name in names if name) or "none"
    likely = ((column, likely_name(column, table.columns, names)) for column in group)
    column, name = next(((column, name) for column, name in likely if name), (group[0], None))
    mend = f"rename {name!r} to {column!r}, if that is what it is" if name else "rename or add the column"
    return f"{file.label}: no column {' or '.join(repr(column) for column in group)}; it has {has}; {mend}"
