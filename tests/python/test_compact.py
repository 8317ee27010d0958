"""A file that is mostly empty is written anew; what is in it stays as it was."""

from __future__ import annotations

import os

import duckdb
import pytest

from activity_score import compact as module
from activity_score.compact import compact, is_mostly_empty
from activity_score.publish import storage_version

ROWS = 400_000  # some 10 MB


@pytest.fixture(autouse=True)
def small_files(monkeypatch):
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 1 << 20)


def write(file, *, emptied: float) -> None:
    """A table, behind the room of another one that had so much of its rows."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as marts (storage_version 'v1.5.0'); use marts")
        for table, rows in (("replaced", ROWS * emptied), ("trend", ROWS)):
            connection.execute(f"create table {table} (number bigint not null, name varchar, value double not null)")
            values = "select hash(i) >> 1, md5(i::varchar), hash(i) / 3.5"
            connection.execute(f"insert into {table} {values} from range({rows:.0f}) as numbers (i)")
            connection.execute("checkpoint")
        connection.execute("drop table replaced; checkpoint")


def content(file) -> tuple:
    """The table as it was declared, and its rows in their order."""
    with duckdb.connect(str(file), read_only=True) as connection:
        declared = connection.execute("select sql from duckdb_tables()").fetchall()
        return declared, connection.execute("from trend").fetchall()


def test_room_that_replaced_rows_left_is_given_back(tmp_path):
    file = tmp_path / "marts.duckdb"
    write(file, emptied=1)
    before, size, version = content(file), file.stat().st_size, storage_version(file)
    assert is_mostly_empty(file)
    assert compact(file)
    assert file.stat().st_size < 0.67 * size
    assert content(file) == before
    assert storage_version(file) == version
    assert os.listdir(tmp_path) == ["marts.duckdb"]
    assert not is_mostly_empty(file)


def test_a_little_free_room_is_no_matter(tmp_path):
    file = tmp_path / "marts.duckdb"
    write(file, emptied=0.2)
    assert not is_mostly_empty(file)


def test_small_files_are_no_matter(tmp_path, monkeypatch):
    file = tmp_path / "marts.duckdb"
    write(file, emptied=1)
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 64 << 20)
    assert not is_mostly_empty(file)


def test_without_room_on_the_disk_the_file_stays(tmp_path, monkeypatch):
    file = tmp_path / "marts.duckdb"
    write(file, emptied=1)
    before = file.read_bytes()
    connect = duckdb.connect

    class FullDisk:
        """A connection that fails while it copies."""

        def __init__(self):
            self.connection = connect()

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.connection.close()

        def execute(self, statement):
            done = self.connection.execute(statement)
            if statement.startswith("copy"):
                raise duckdb.IOException("No space left on device")
            return done

    monkeypatch.setattr(module.duckdb, "connect", FullDisk)
    assert not compact(file)
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["marts.duckdb"]
