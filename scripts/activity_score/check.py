"""Looks at settings and raw inputs without building, and tells everything that is wrong or worth a note.

What the last build met and no rule knew, it tells from the published tables.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import duckdb

from activity_score.columns import match_columns, note_missing_columns, note_other_names
from activity_score.errors import Problem, UserError
from activity_score.load import load
from activity_score.project import Project
from activity_score.raw_files import RawFile, find_files, unused_entries
from activity_score.raw_tables import connect
from activity_score.raw_values import how_to_write_times, is_time
from activity_score.reading import how_to_read, names_in
from activity_score.settings import check_settings
from activity_score.sources import Table, declared_tables, quote
from activity_score.unmatched import note_unmatched_names, read_unmatched_names

MAX_TYPES_LISTED = 20  # a feed of another kind may hold thousands of unknown types


@dataclass(frozen=True)
class RecordCheck:
    """A fault of single records of a table of the generic feed, which a build would set aside.

    Attributes:
        table: the table's name.
        condition: SQL that is true for a record at fault.
        example: the column shown of one such record.
        words: completes "n records ...".
        mend: what to do about them.
    """

    table: str
    condition: str
    example: str
    words: str
    mend: str


RECORD_CHECKS = (
    RecordCheck(
        "activities",
        f"not {is_time('occurred_at', False)}",
        "occurred_at",
        "without an occurred_at that can be read",
        "write ISO 8601 such as 2026-01-31T12:00:00Z; they will be rejected",
    ),
    RecordCheck(
        "accounts",
        "coalesce(trim(account_domain), '') = ''",
        "account_name",
        "without account_domain, the key",
        "fill it in; they will be rejected",
    ),
    RecordCheck(
        "accounts",
        "lower(trim(account_domain)) in (from free_email_domains)",
        "account_domain",
        "with a free-mail domain as account_domain",
        "give the company's own domain; mail from a free-mail domain counts for no account",
    ),
    RecordCheck(
        "contacts",
        "trim(concat(email, github_login, user_id, anonymous_id)) = ''",
        "full_name",
        "without email or another identifier",
        "fill in the email; they will be rejected",
    ),
    RecordCheck(
        "opportunities",
        f"not {is_time('created_on', False)}",
        "created_on",
        "without a created_on that can be read",
        "write a day such as 2026-01-31; they will be rejected",
    ),
)


def check(project: Project, data_dir: Path, published: Path | None = None) -> list[Problem]:
    """Find everything wrong with the settings and the raw files, and what no rule knew when they were last built.

    Args:
        project: the dbt project with the vars in force.
        data_dir: the data directory.
        published: the file of the published build, if there is one.

    Returns:
        Errors, which would stop a build, and notes, which would not; empty if all is well.
    """
    problems = check_settings(project)
    try:
        tables = declared_tables(project)
        unused = unused_entries(data_dir, tables)
    except UserError as error:
        return [*problems, as_problem(error)]
    for entry in unused:
        problems.append(Problem(entry, "will not be read", "no system that is switched on has such a table", "note"))
    problems.extend(check_files(project, data_dir, tables))
    if published:
        problems.extend(check_names(project, published))
    return list(dict.fromkeys(problems))


def check_files(project: Project, data_dir: Path, tables: list[Table]) -> Iterator[Problem]:
    """Load table by table, so that a fault of one file does not hide those of the next."""
    present = []
    for table in tables:
        try:
            if find_files(data_dir, table):
                present.append(table)
        except UserError as error:
            yield as_problem(error)
    feeds = [table for table in tables if table.is_activities] or tables
    loads = [[table] for table in present]
    if not set(feeds) & set(present):
        loads.append(feeds)  # says that there are no activities, and what was expected

    with tempfile.TemporaryDirectory(prefix="activity-score-") as scratch:
        database = Path(scratch) / "check.duckdb"
        for load_tables in loads:
            try:
                load(load_tables, data_dir, database)
            except UserError as error:
                yield as_problem(error)
                continue
            with connect(database) as connection:
                yield from check_columns(connection, load_tables[0], data_dir)
                yield from check_records(connection, project, load_tables[0])


def check_columns(connection: duckdb.DuckDBPyConnection, table: Table, data_dir: Path) -> Iterator[Problem]:
    """Note the columns that the files of a table that was just loaded do not have; files that look alike together.

    Records of JSON and XML have what they have: a key that is missing is a value that is. One that no record has is
    noted where another key may stand for it.
    """
    alike: dict[tuple[bool, tuple[str, ...]], list[RawFile]] = {}
    for file in find_files(data_dir, table):
        reading = how_to_read(file, table)
        if reading and reading.has_header and reading.kind != "documents":
            alike.setdefault((bool(reading.columns), tuple(names_in(file, reading))), []).append(file)
    for (has_header, names), files in alike.items():
        where = files[0].label + (f" and {len(files) - 1} more" if len(files) > 1 else "")
        if has_header:
            found = match_columns(table, names, files[0])
            yield from note_missing_columns(where, table, names, found)
        else:
            found = {*filled_columns(connection, table), *names}
            yield from note_other_names(where, table, names, found & set(table.columns))


def filled_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """The columns of a raw table that hold anything."""
    counts = ", ".join(f"count({quote(column)})" for column in table.columns)
    filled = connection.execute(f"select {counts} from {table.relation}").fetchone()
    return [column for column, count in zip(table.columns, filled, strict=True) if count]


def check_names(project: Project, published: Path) -> Iterator[Problem]:
    """Note names that no rule and types that no row of activity_types knew when the files were last built."""
    found = read_unmatched_names(published)
    yield from note_unmatched_names(project, found)
    known = seed_values(project, "activity_types", "activity_type")
    for system in project.sources:
        names = [name for name in found if name.system == system and name.rules == "activity_types"]
        unknown = [(name.name, name.count) for name in names if name.name not in known]
        if system != "generic":  # whose own file tells it better
            yield from note_unknown_types(system, unknown, known)


def check_records(connection: duckdb.DuckDBPyConnection, project: Project, table: Table) -> Iterator[Problem]:
    """Note what a build would set aside of a table that was just loaded."""
    where = f"{table.system}/{table.name}"
    unreadable, reason = connection.execute(
        "select count(*), min_by(reason, rowid) from raw_activity_score.unreadable_records"
    ).fetchone()
    if unreadable:
        mend = "mend or remove them; they will be rejected"
        yield Problem(where, f"{records(unreadable)} cannot be read, the first: {reason}", mend, "note")
    if table.system == "gharchive" and "*" in (project.vars.get("tracked_repositories") or []):
        mend = "name your repositories, unless the files hold nothing else"
        yield Problem("vars: tracked_repositories", "'*' takes every repository of the archive for yours", mend, "note")
    if table.system == "generic":
        yield from check_generic(connection, project, table, where)
    else:
        yield from check_moments(connection, table, where)


def check_moments(connection: duckdb.DuckDBPyConnection, table: Table, where: str) -> Iterator[Problem]:
    """Note times that cannot be read; where none can, loading has refused the file."""
    for column, may_be_number in table.moments:
        count, example = connection.execute(
            f"select count(*), min({quote(column)}) from {table.relation}"
            f" where trim({quote(column)}) <> '' and not {is_time(column, may_be_number)}"
        ).fetchone()
        if count:
            what = f"{records(count)} whose {column} is no time (such as {example[:40]!r})"
            yield Problem(where, what, f"{how_to_write_times(may_be_number)}; they will be rejected", "note")


def check_generic(
    connection: duckdb.DuckDBPyConnection, project: Project, table: Table, where: str
) -> Iterator[Problem]:
    """Note records of the generic feed without a key or a time, and types nobody has given a weight."""
    free_email_domains = seed_values(project, "free_email_domains", "domain")
    connection.execute("create temp table free_email_domains as select unnest($1::varchar[])", [free_email_domains])
    for fault in RECORD_CHECKS:
        if fault.table == table.name:
            count, example = connection.execute(
                f"select count(*), min({fault.example}) from {table.relation} where {fault.condition}"
            ).fetchone()
            if count:
                shown = f" (such as {fault.example} {example[:40]!r})" if example else ""
                yield Problem(where, f"{records(count)} {fault.words}{shown}", fault.mend, "note")
    if table.name == "activities":
        known = seed_values(project, "activity_types", "activity_type")
        unknown = connection.execute(
            f"""
            select lower(trim(activity_type)) as activity_type, count(*) as records
            from {table.relation}
            where trim(activity_type) <> '' and lower(trim(activity_type)) not in (select unnest($1::varchar[]))
            group by 1
            order by 2 desc, 1
            """,
            [known],
        ).fetchall()
        yield from note_unknown_types(where, unknown, known)


def note_unknown_types(where: str, unknown: list[tuple[str, int]], known: list[str]) -> Iterator[Problem]:
    """Note each unknown type, the most frequent first, and propose a row of the seed or the right spelling."""
    for name, count in unknown[:MAX_TYPES_LISTED]:
        row = f"{name},<source>,{name.replace('_', ' ').capitalize()},low,1,1,false,{name.replace('_', ' ')},,<why>"
        mend = f"add a row to seeds/activity_types.csv, such as {row}"
        if close := get_close_matches(name, known, n=1, cutoff=0.8):
            mend = f"write {close[0]} if that is meant, or {mend}"
        yield Problem(where, f"{records(count)} of the unknown type {name!r} will be excluded", mend, "note")
    rest = unknown[MAX_TYPES_LISTED:]
    if rest:
        what = f"{records(sum(count for _, count in rest))} of {len(rest)} more unknown types will be excluded"
        yield Problem(where, what, "add rows to seeds/activity_types.csv", "note")


def seed_values(project: Project, seed: str, column: str) -> list[str]:
    """The values of a column of a seed; none where the seed cannot be read, which check_settings says."""
    try:
        with (project.seeds / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as file:
            return [row[column] for row in csv.DictReader(file)]
    except (OSError, ValueError, KeyError, csv.Error):
        return []


def as_problem(error: UserError) -> Problem:
    """Take the line of an error apart: where, what, mend."""
    where, _, rest = str(error).partition(": ")
    what, _, mend = rest.rpartition("; ")
    return Problem(where, what, mend)


def records(count: int) -> str:
    """A number of records in words."""
    return "1 record" if count == 1 else f"{count:,} records"
