"""The raw tables of the working database: those that the systems declare, and the runner's own beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from activity_score.sources import Table, literal, quote

_OWN_TABLES = """
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
    connection.execute(_OWN_TABLES)
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


def count_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """How many rows a raw table has.

    Args:
        connection: the working database.
        table: the table.
    """
    return connection.execute(f"select count(*) from {table.relation}").fetchone()[0]


def _create_raw_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = ", ".join(f"{quote(column)} varchar" for column in table.columns)
    connection.execute(f"create or replace table {table.relation} ({columns})")
