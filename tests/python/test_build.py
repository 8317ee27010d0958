"""What a build reads, publishes and carries on. dbt is replaced by a stand-in that writes the marts."""

from __future__ import annotations

import errno
import json
import os
import shutil

import duckdb
import pytest
from stand_in_dbt import built, feed, run

from activity_score import build
from activity_score.dbt import DbtResult


def test_a_failed_data_test_publishes_nothing(here, capsys):
    _, out, _ = run(capsys, "build", "--json")
    published = json.loads(out)["build_id"]
    here.dbt = DbtResult(exit_code=1, tests={"fail": 1}, faults=["unique_a: Got 2 results"])
    feed(here, one="1,a\n")
    code, out, err = run(capsys, "build")
    assert (code, out) == (1, "")
    assert "error: a data test failed; nothing was published, the log is warehouse/log/" in err
    assert "error: unique_a: Got 2 results" in err
    assert here.warehouse.current.resolve().name == published
    assert here.warehouse.work_marts.exists()  # stays, to look at
    status = json.loads(run(capsys, "status", "--json")[1])
    assert [build["outcome"] for build in status["builds"]] == ["tests failed", "published"]


def test_each_build_carries_the_publications_on(here, capsys):
    for day in ("2026-01-29", "2026-01-31", "2026-01-30"):
        run(capsys, "build", "--as-of", day)
        leftover = here.warehouse.work / "marts.duckdb.wal"
        leftover.write_text("not a log")
    with duckdb.connect(str(here.warehouse.current / "marts.duckdb"), read_only=True) as connection:
        rows = connection.execute("select as_of_date, published_at from marts.marts.score_publications").fetchall()
    assert [str(day) for day, _ in rows] == ["2026-01-29", "2026-01-31", "2026-01-30"]
    moments = [moment for _, moment in rows]
    assert moments == sorted(set(moments))  # within one second, and yet one after another


def test_history_goes_on_after_a_rollback(here, capsys):
    for day in ("2026-01-29", "2026-01-30"):
        run(capsys, "build", "--as-of", day)
    code, out, _ = run(capsys, "rollback")
    assert code == 0 and out.startswith("published again: 2026-01-29_")
    run(capsys, "build", "--as-of", "2026-01-31")
    with duckdb.connect(str(here.warehouse.current / "marts.duckdb"), read_only=True) as connection:
        days = connection.execute("select as_of_date::varchar from marts.marts.score_publications").fetchall()
    assert days == [("2026-01-29",), ("2026-01-30",), ("2026-01-31",)]


def test_how_many_models_at_a_time_is_the_profiles_to_say_unless_told(here, capsys):
    run(capsys, "build", "--as-of", "2026-01-30")
    run(capsys, "build", "--as-of", "2026-01-31", "--threads", "3")
    first, second = (one["words"] for one in here.runs)
    assert "--threads" not in first and second[second.index("--threads") + 1] == "3"


def test_old_builds_are_removed(here, capsys):
    for _ in range(3):
        run(capsys, "build", "--keep", "2")
    assert len(list(here.warehouse.builds.iterdir())) == 2


def test_a_build_reads_only_what_arrived(here, capsys):
    feed(here, one="1,a\n2,b\n")
    assert built(here, capsys, "2026-01-29")[0] == [("1", "a"), ("2", "b")]
    assert built(here, capsys, "2026-01-30")[0] == []
    feed(here, one="1,a\n2,b\n3,c\n", two="4,d\n")
    raw, result = built(here, capsys, "2026-01-31")
    assert raw == [("3", "c"), ("4", "d")]
    assert (result["raw"], result["notes"]) == ({"generic.activities": 4}, [])


@pytest.mark.parametrize(
    ("day", "words", "change", "reason"),
    [
        ("2026-01-31", [], "one", None),
        ("2026-01-31", ["--full-refresh"], "", None),
        ("2026-01-29", [], "", "the last build reached 2026-01-30, a later day"),
        ("2026-01-31", [], "project", "var rounds changed since the last build"),
        ("2026-01-31", [], "builds", "is no longer there"),
        ("2026-01-31", [], "state", None),
    ],
    ids=["a file changed", "full refresh", "an earlier day", "a setting changed", "the build is gone", "no state"],
)
def test_a_build_reads_everything_again(here, capsys, day, words, change, reason):
    feed(here, one="1,a\n2,b\n", two="4,d\n")
    built(here, capsys, "2026-01-30")
    if change == "one":
        feed(here, one="1,x\n")
    elif change == "project":
        (here.folder / "dbt_project.yml").write_text("name: activity_score\nvars: {sources: [generic], rounds: 4}\n")
    elif change == "builds":
        shutil.rmtree(here.warehouse.builds)
    elif change == "state":
        here.warehouse.state_file.write_text("{")
    raw, result = built(here, capsys, day, *words)
    assert raw == ([("1", "x"), ("4", "d")] if change == "one" else [("1", "a"), ("2", "b"), ("4", "d")])
    notes = [note for note in result["notes"] if note.startswith("built from scratch: ")]
    assert [reason in note for note in notes] == ([True] if reason else [])


def loaded_seeds(here) -> list[str] | None:
    """The seeds that dbt was told to load; none if it was told to build everything."""
    words = here.runs[-1]["words"]
    return [word for word in words if word.startswith("resource_type:seed")] if "--select" in words else None


def test_a_build_that_goes_on_loads_the_seeds_that_have_changed(here, capsys):
    (here.folder / "seeds").mkdir()
    for seed in ("signals", "domain_aliases", "tenants"):
        (here.folder / "seeds" / f"{seed}.csv").write_text("a\n1\n")
    built(here, capsys, "2026-01-29")
    assert loaded_seeds(here) is None
    built(here, capsys, "2026-01-30")
    assert loaded_seeds(here) == []
    (here.folder / "seeds" / "signals.csv").write_text("a\n2\n")
    here.dbt = DbtResult(exit_code=1, tests={"fail": 1})
    run(capsys, "build", "--as-of", "2026-01-31")
    here.dbt = DbtResult()
    for day, expected in (("2026-01-31", ["resource_type:seed,signals"]), ("2026-02-01", [])):
        built(here, capsys, day)
        assert loaded_seeds(here) == expected, "what failed left nothing loaded"
    (here.folder / "seeds" / "tenants.csv").write_text("a\n2\n")
    built(here, capsys, "2026-02-01")
    assert loaded_seeds(here) is None


@pytest.mark.parametrize("file", ["dbt_project.yml", "seeds/_seeds.yml"])
def test_what_decides_how_tables_and_seeds_are_made_is_noticed(here, capsys, file):
    (here.folder / "seeds").mkdir()
    built(here, capsys, "2026-01-30")
    with (here.folder / file).open("a") as lines:
        lines.write("seeds: {activity_score: {quote_columns: true}}\n")
    note = f"built from scratch: {file} changed since the last build"
    assert built(here, capsys, "2026-01-31")[1]["notes"] == [note]


def lay_out(here) -> None:
    """A segment and a data test beside the feed."""
    for file in ("models/segments/hot.sql", "tests/dbt/adds_up.sql", "seeds/signals.csv"):
        (here.folder / file).parent.mkdir(parents=True)
        (here.folder / file).write_text("a\n")


def test_with_nothing_new_dbt_is_not_run_and_the_same_is_published_again(here, capsys):
    lay_out(here)
    first = built(here, capsys, "2026-01-31")[1]
    (here.data / "generic" / "activities.csv").touch()
    again = built(here, capsys, "2026-01-31")[1]
    assert len(here.runs) == here.started == 1
    assert again["build_id"] != first["build_id"]
    assert here.warehouse.current.resolve().name == again["build_id"]
    both = [here.warehouse.builds / build["build_id"] / "marts.duckdb" for build in (first, again)]
    assert both[0].samefile(both[1]) and not here.warehouse.work_database.exists()  # nothing was copied
    assert [again[name] for name in ("tables", "tests", "raw")] == [first[name] for name in ("tables", "tests", "raw")]
    assert again["notes"] == ["nothing is new since the last build: what it published is published again"]
    run(capsys, "rollback", first["build_id"])
    last = built(here, capsys, "2026-01-31")[1]
    assert here.warehouse.current.resolve().name == last["build_id"] and len(here.runs) == 1


@pytest.mark.parametrize(
    "change",
    [
        "data/generic/activities.csv",
        "models/segments/hot.sql",
        "models/segments/new.sql",
        "tests/dbt/adds_up.sql",
        "seeds/signals.csv",
        "the day",
        "the build of a week before",
        "another build was published since",
        "--full-refresh",
    ],
)
def test_whatever_is_new_dbt_is_run(here, capsys, change):
    lay_out(here)
    week_before = built(here, capsys, "2026-01-24")[1]
    built(here, capsys, "2026-01-31")
    if "/" in change:
        with (here.folder / change).open("a") as lines:
            lines.write("3,x\n")
    elif change == "the build of a week before":
        shutil.rmtree(here.warehouse.builds / week_before["build_id"])
    elif change == "another build was published since":
        shutil.copytree(here.warehouse.current.resolve(), here.warehouse.builds / "2026-01-31_20990101T000000Z")
    words = ["--full-refresh"] if change == "--full-refresh" else []
    built(here, capsys, "2026-02-01" if change == "the day" else "2026-01-31", *words)
    assert len(here.runs) == 3


def test_a_failed_build_leaves_the_next_one_what_was_there(here, capsys):
    feed(here, one="1,a\n")
    built(here, capsys, "2026-01-30")
    feed(here, two="2,b\n")
    here.dbt = DbtResult(exit_code=1, tests={"fail": 1})
    assert run(capsys, "build", "--as-of", "2026-01-31")[0] == 1
    here.dbt = DbtResult()
    assert built(here, capsys, "2026-01-31")[0] == [("2", "b")]


def gives_up(number: int):
    def copy_file_range(*_):
        raise OSError(number, os.strerror(number))

    return copy_file_range


@pytest.mark.parametrize(
    "copy_file_range",
    [None, gives_up(errno.EOPNOTSUPP), lambda *_: 0],
    ids=["another system", "another disk", "copies nothing"],
)
def test_a_build_goes_on_from_a_whole_copy_on_every_disk(here, capsys, monkeypatch, copy_file_range):
    feed(here, one="1,a\n")
    built(here, capsys, "2026-01-30")
    feed(here, two="2,b\n")
    if copy_file_range:
        monkeypatch.setattr(os, "copy_file_range", copy_file_range)
    else:
        monkeypatch.delattr(os, "copy_file_range")
    raw, result = built(here, capsys, "2026-01-31")
    assert raw == [("2", "b")]
    assert result["raw"] == {"generic.activities": 2}


def test_a_full_disk_is_one_clear_error_and_costs_nothing(here, capsys, monkeypatch):
    feed(here, one="1,a\n")
    built(here, capsys, "2026-01-30")
    feed(here, two="2,b\n")
    with monkeypatch.context() as full:
        full.setattr(os, "copy_file_range", gives_up(errno.ENOSPC))
        full.setattr(shutil, "copyfile", gives_up(errno.ENOSPC))
        code, _, err = run(capsys, "build", "--as-of", "2026-01-31")
    assert code == 2
    assert "the last build cannot be copied (No space left on device); make room" in err
    assert built(here, capsys, "2026-01-31")[0] == [("2", "b")]


def test_the_working_database_is_closed_once_before_dbt_runs(here, capsys, monkeypatch):
    """Each time it is closed takes a checkpoint, after which there is no log."""
    logs = []
    monkeypatch.setattr(build, "carry_earlier_build", lambda warehouse, _: logs.extend(warehouse.work.glob("*.wal")))
    built(here, capsys, "2026-01-30")
    assert [log.name for log in logs] == ["warehouse.duckdb.wal"]


def test_backfill_builds_each_day_and_leaves_readers_the_latest(here, capsys):
    built(here, capsys, "2026-01-31")
    code, out, _ = run(capsys, "backfill", "--from", "2026-01-28", "--to", "2026-01-30", "--json")
    assert code == 0
    assert [result["as_of_date"] for result in json.loads(out)] == ["2026-01-28", "2026-01-29", "2026-01-30"]
    assert json.loads((here.warehouse.current / "manifest.json").read_text())["as_of_date"] == "2026-01-31"
    run(capsys, "backfill", "--from", "2026-02-01", "--to", "2026-02-02")
    assert json.loads((here.warehouse.current / "manifest.json").read_text())["as_of_date"] == "2026-02-02"
    code, _, err = run(capsys, "backfill", "--from", "2026-02-02", "--to", "2026-02-01")
    assert code == 2 and "--to 2026-02-01 lies before --from 2026-02-02" in err
