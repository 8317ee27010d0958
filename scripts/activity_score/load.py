"""Loads the raw files that arrived since the last build into the working database, and notes what was read."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path

import duckdb

from activity_score.arrivals import Arrivals, Arrived, KnownFile, added_part, find_arrivals
from activity_score.errors import UserError
from activity_score.raw_files import RawFile, find_files
from activity_score.raw_tables import connect, count_rows, create_raw_tables, empty_table
from activity_score.reading import how_to_read
from activity_score.sources import Table, literal
from activity_score.table_loader import TableLoader

_FILE_COLUMNS = ("source_system", "table_name", "file", "size", "modified", "digest")
# What each build takes over from the one before it: our own raw table, and the published table it is read from.
_CARRIED_ON = {"publications": "score_publications", "segment_changes": "segment_changes"}


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
        loader = TableLoader(connection, Path(scratch))
        for table, arrived in arrivals.tables.items():
            _read_table(loader, table, arrived, adds=table.is_append and table.system not in arrivals.restated)
        loader.write_unreadable()
        _remember(connection, arrivals)
        return _counted(connection, tables, loader.files)


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


def _read_table(loader: TableLoader, table: Table, arrived: Arrived, *, adds: bool) -> None:
    """Load what arrived for one table, and count it; `adds`: what was read before still counts, although it goes."""
    connection = loader.connection
    named = [literal(table.system), literal(table.name)]
    same = f"source_system = {named[0]} and table_name = {named[1]}"
    empty_table(connection, table)
    if not adds:
        for counts in ("read_records", "unreadable_records"):
            connection.execute(f"delete from raw_activity_score.{counts} where {same}")
    added = []
    for file, known in arrived.grown:
        reading = how_to_read(file, table)
        has_header = reading is not None and reading.kind == "csv" and reading.has_header
        added.append(added_part(file, known, loader.scratch, has_header=has_header))
    loader.load(table, [*arrived.files, *added])
    rows = count_rows(connection, table)
    if rows:
        connection.execute(f"insert into raw_activity_score.read_records values ({', '.join(named)}, {rows})")


def _counted(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], files: int) -> LoadResult:
    """The counts, of this build and those before."""
    counts = "select source_system || '.' || table_name, sum(record_count)::bigint"
    rows = connection.execute(f"{counts} from raw_activity_score.read_records group by 1 order by 1").fetchall()
    unreadable = connection.execute("select count(*) from raw_activity_score.unreadable_records").fetchone()[0]
    return LoadResult({f"{table.system}.{table.name}": 0 for table in tables} | dict(rows), unreadable, files)


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
