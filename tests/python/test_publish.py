"""Publishing: readers see a whole build or the one before it, and can go back."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import stat
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from activity_score.errors import EXIT_BUSY, UserError
from activity_score.lock import locked
from activity_score.project import Warehouse
from activity_score.publish import (
    check_marts,
    current_build,
    prune,
    publish,
    published_builds,
    rollback,
    storage_version,
)

DAY = date(2026, 1, 31)
MOMENT = datetime(2026, 2, 1, 3, 4, 5)


@pytest.fixture
def warehouse(tmp_path):
    found = Warehouse(tmp_path / "warehouse")
    found.work.mkdir(parents=True)
    return found


def write_marts(warehouse: Warehouse, number: int, rows: int = 3, storage: str = "v1.5.0") -> None:
    """Two marts that name the build they belong to, as dbt would leave them."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.work_marts}' as published (storage_version '{storage}')")
        connection.execute("create schema published.marts")
        for table in ("accounts", "developers"):
            connection.execute(
                f"create table published.marts.{table} as"
                f" select {number} as build, 'v{number}' as model_version, md5(i::varchar) as account_id"
                f" from range({rows}) as numbers (i)"
            )


def publish_one(warehouse: Warehouse, number: int, day: date = DAY):
    write_marts(warehouse, number)
    return publish(warehouse, day, MOMENT + timedelta(minutes=number), {"number": number})


def test_a_published_build(warehouse):
    build = publish_one(warehouse, 7)
    assert build.id == "2026-01-31_20260201T031105Z"
    assert os.readlink(warehouse.current) == f"builds/{build.id}"
    assert sorted(file.name for file in build.path.iterdir()) == ["manifest.json", "marts.duckdb"]
    manifest = json.loads((warehouse.current / "manifest.json").read_text())
    assert manifest == {
        "as_of_date": "2026-01-31",
        "build_id": build.id,
        "model_versions": ["v7"],
        "number": 7,
        "published_at": "2026-02-01T03:11:05Z",
        "tables": {"accounts": 3, "developers": 3},
    }
    assert stat.S_IMODE(build.marts.stat().st_mode) == 0o444
    assert not warehouse.work_marts.exists()
    assert current_build(warehouse).id == build.id


def test_the_published_file_is_one_that_duckdb_1_5_reads(warehouse):
    assert 64 <= storage_version(publish_one(warehouse, 1).marts) <= 68


def test_a_newer_storage_is_refused(warehouse, monkeypatch):
    write_marts(warehouse, 1)
    monkeypatch.setattr("activity_score.publish.NEWEST_STORAGE", 67)
    with pytest.raises(UserError, match="storage version 68"):
        publish(warehouse, DAY, MOMENT, {})
    assert not warehouse.current.exists()


def test_a_second_build_of_the_same_moment_gets_a_suffix(warehouse):
    builds = []
    for _ in range(3):
        write_marts(warehouse, 0)
        builds.append(publish(warehouse, DAY, MOMENT, {}).id)
    assert [build[-3:] for build in builds] == ["05Z", "Z-2", "Z-3"]
    assert [build.id for build in published_builds(warehouse)] == builds


def test_what_a_killed_program_left_in_the_log_is_published_too(warehouse):
    """A write-ahead log that stays beside a file that is moved would lose its rows."""
    write_marts(warehouse, 1)
    script = (
        f"import duckdb, os; c = duckdb.connect(); c.execute(\"attach '{warehouse.work_marts}' as p\");"
        "c.execute('insert into p.marts.accounts select 1, null, 9 from range(50)'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    assert warehouse.work_marts.with_name("marts.duckdb.wal").exists()
    assert publish(warehouse, DAY, MOMENT, {}).manifest["tables"]["accounts"] == 53


@pytest.mark.parametrize("column", ["number", "half", "name", "day"])
def test_a_damaged_block_of_any_column_is_found_before_it_is_published(warehouse, column):
    write_marts(warehouse, 1)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.work_marts}' as published; use published")
        connection.execute(
            "create table marts.damaged as select hash(i) as number, hash(i) / 3.5 as half, md5(i::varchar) as name,"
            " date '2000-01-01' + (hash(i) % 90000)::integer as day from range(200_000) as numbers (i)"
        )
        block = "select max(block_id) from pragma_storage_info('marts.damaged') where column_name = ?"
        (number,) = connection.execute(block, [column]).fetchone()
    content = bytearray(warehouse.work_marts.read_bytes())
    # The file begins with three headers of 4 KiB; a block is 256 KiB.
    middle = 3 * 4096 + number * 262_144 + 8_192
    content[middle : middle + 1] = bytes([content[middle] ^ 0xFF])
    warehouse.work_marts.write_bytes(bytes(content))
    with pytest.raises(UserError, match="cannot be read back"):
        publish(warehouse, DAY, MOMENT, {})
    assert not warehouse.current.exists()


def test_views_are_refused(warehouse):
    write_marts(warehouse, 1)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.work_marts}' as published; use published")
        connection.execute("create view marts.seen as select * from marts.accounts")
    with pytest.raises(UserError, match="seen is a view"):
        check_marts(warehouse.work_marts)


def test_leftovers_of_a_killed_publication_are_removed(warehouse):
    (warehouse.builds / "2026-01-31_20260101T000000Z.tmp").mkdir(parents=True)
    publish_one(warehouse, 1)
    assert [folder.name for folder in warehouse.builds.iterdir()] == ["2026-01-31_20260201T030505Z"]
    assert len(published_builds(warehouse)) == 1


@pytest.mark.parametrize("step", ["rename", "replace"])
def test_a_publication_that_breaks_off_changes_nothing_readers_see(warehouse, monkeypatch, step):
    first = publish_one(warehouse, 1)
    write_marts(warehouse, 2)
    real = getattr(os, step)

    def refuse(source, target):
        if str(target).endswith((".duckdb", ".tmp")):
            return real(source, target)
        raise OSError("the power is out")

    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(OSError, match="the power is out"):
        publish(warehouse, DAY, MOMENT + timedelta(minutes=2), {})
    assert current_build(warehouse).id == first.id


def test_current_that_is_no_symlink_is_left_alone(warehouse):
    warehouse.current.mkdir()
    with pytest.raises(UserError, match="must be a symlink"):
        publish_one(warehouse, 1)


def test_builds_are_in_the_order_of_publication_not_of_their_days(warehouse):
    later_day = publish_one(warehouse, 1, date(2026, 1, 31))
    earlier_day = publish_one(warehouse, 2, date(2026, 1, 1))
    assert [build.id for build in published_builds(warehouse)] == [later_day.id, earlier_day.id]


def test_rollback_goes_back_one_by_one_or_by_name(warehouse):
    ids = [publish_one(warehouse, number).id for number in range(3)]
    assert rollback(warehouse).id == ids[1]
    assert rollback(warehouse).id == current_build(warehouse).id == ids[0]
    with pytest.raises(UserError, match="no build before the current one"):
        rollback(warehouse)
    assert rollback(warehouse, ids[2]).id == current_build(warehouse).id == ids[2]
    with pytest.raises(UserError, match=f"no build '../x'; there are {ids[0]}, "):
        rollback(warehouse, "../x")


def test_the_last_builds_stay_and_always_the_current_and_the_newest(warehouse):
    ids = [publish_one(warehouse, number).id for number in range(5)]
    rollback(warehouse, ids[0])
    assert prune(warehouse, 2) == ids[1:3]
    assert [build.id for build in published_builds(warehouse)] == [ids[0], *ids[3:]]
    assert prune(warehouse, 1) == [ids[3]]
    assert current_build(warehouse).id == ids[0]


def read_for_a_while(current: Path, until: float, results) -> None:
    """A reader that opens the published file again and again."""
    seen, torn = set(), 0
    while time.monotonic() < until:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{current / 'marts.duckdb'}' as published (read_only)")
            tables = [
                connection.execute(f"select count(*), min(build), max(build) from published.marts.{table}").fetchone()
                for table in ("accounts", "developers")
            ]
        torn += tables[0] != tables[1] or tables[0][0] != 20_000 or tables[0][1] != tables[0][2]
        seen.add(tables[0][1])
    results.put((len(seen), torn))


def test_readers_never_see_a_torn_build(warehouse):
    write_marts(warehouse, 0, rows=20_000)
    publish(warehouse, DAY, MOMENT, {})
    context = multiprocessing.get_context("spawn")
    results, until = context.Queue(), time.monotonic() + 6
    readers = [
        context.Process(target=read_for_a_while, args=(warehouse.current, until, results), daemon=True)
        for _ in range(2)
    ]
    for reader in readers:
        reader.start()
    number = 0
    while time.monotonic() < until:
        number += 1
        write_marts(warehouse, number, rows=20_000)
        publish(warehouse, DAY, MOMENT + timedelta(seconds=number), {})
        prune(warehouse, 20)
    found = [results.get(timeout=30) for _ in readers]
    for reader in readers:
        reader.join()
    assert all(torn == 0 for _, torn in found), found
    assert all(reader.exitcode == 0 for reader in readers)
    assert max(builds for builds, _ in found) > 1


# one build at a time


def test_a_second_runner_is_told_who_holds_the_lock(warehouse):
    with locked(warehouse), pytest.raises(UserError, match=rf"\(process {os.getpid()}\)") as raised, locked(warehouse):
        pass
    assert raised.value.exit_code == EXIT_BUSY
    with locked(warehouse):
        pass


RUN = """
import sys, time
from pathlib import Path
from activity_score.errors import UserError
from activity_score.lock import locked
from activity_score.project import Warehouse
try:
    with locked(Warehouse(Path(sys.argv[1]))):
        print("in", flush=True)
        sys.stdin.read()
except UserError as error:
    sys.exit(error.exit_code)
"""


def test_of_four_runners_one_builds(warehouse):
    words = [sys.executable, "-c", RUN, str(warehouse.root)]
    runners = [subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    started = [runner.stdout.readline() for runner in runners]  # each has the lock or has ended
    for runner in runners:
        runner.stdin.close()
    assert sorted(started) == ["", "", "", "in\n"]
    assert sorted(runner.wait() for runner in runners) == [0, 75, 75, 75]


def test_an_orphan_of_a_killed_runner_keeps_the_lock(warehouse):
    with locked(warehouse) as descriptor:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[descriptor])
    with pytest.raises(UserError, match="another build holds the lock"), locked(warehouse):
        pass
    child.communicate(b"\n")
    with locked(warehouse):
        pass


def test_what_has_been_mostly_empty_for_two_weeks_is_written_anew(warehouse, monkeypatch):
    monkeypatch.setattr("activity_score.compact.LEAST_FREE_BYTES", 1 << 20)
    write_marts(warehouse, 1, rows=400_000)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.work_marts}' as published; use published")
        connection.execute("create table marts.replaced as from marts.accounts; checkpoint")
        connection.execute("create table marts.last as select 1 as number; checkpoint")
        connection.execute("drop table marts.developers; drop table marts.replaced")
    builds = []
    for later in (0, 1, 13, 14, 15):
        if builds:
            shutil.copyfile(builds[-1].marts, warehouse.work_marts)
        builds.append(publish(warehouse, DAY + timedelta(days=later), MOMENT + timedelta(days=later), {}))
    assert {build.manifest["tables"]["accounts"] for build in builds} == {400_000}
    since = [build.manifest.get("mostly_empty_since") for build in builds]
    assert since == ["2026-01-31", "2026-01-31", "2026-01-31", None, None]
    first, *_, before, anew, after = (build.marts.stat().st_size for build in builds)
    assert before == first and anew < 0.67 * first and after == anew
