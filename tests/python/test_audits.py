"""Large tables are audited by turns: no key is left out for ever, and a small table is looked at whole."""

from pathlib import Path

import duckdb
import jinja2
import pytest

MACROS = Path(__file__).parents[2] / "macros"
ALL_AT_ONCE = 2_000_000  # rows of a table that is looked at whole
TURNS = 16


def due(is_md5):
    """The condition as dbt writes it on DuckDB, for the column `key` of the table `audited`."""
    text = "".join((MACROS / name).read_text() for name in ("engines/audit_turn.sql", "is_due_for_audit.sql"))

    class Adapter:
        def dispatch(self, name, _):
            return getattr(module, f"duckdb__{name}")

    names = {"ref": lambda name: name, "adapter": Adapter(), "return": lambda value: value}
    module = jinja2.Environment().from_string(text).make_module(names)
    return module.is_due_for_audit("audited", "key", is_md5)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        connection.execute(f"create table keys as select md5(range::text) as key from range({ALL_AT_ONCE + 1})")
        yield connection


def look(connection, rows, day, is_md5):
    connection.execute(f"create or replace view audited as select key from keys limit {rows}")
    connection.execute(f"create or replace view int_run as select {day} as as_of_day")
    return connection.execute(f"select key from audited where {due(is_md5)}").fetchnumpy()["key"]


@pytest.mark.parametrize("is_md5", [True, False])
def test_a_table_that_is_not_large_is_looked_at_whole(connection, is_md5):
    assert len(look(connection, ALL_AT_ONCE, 20_000, is_md5)) == ALL_AT_ONCE


@pytest.mark.parametrize("is_md5", [True, False])
def test_of_a_large_table_each_key_has_one_day_in_sixteen(connection, is_md5):
    looked_at = [look(connection, ALL_AT_ONCE + 1, day, is_md5) for day in range(20_000, 20_000 + TURNS)]
    assert sum(map(len, looked_at)) == len(set().union(*map(set, looked_at))) == ALL_AT_ONCE + 1
    fair = ALL_AT_ONCE / TURNS
    assert all(0.9 * fair < len(keys) < 1.1 * fair for keys in looked_at)
