"""The command: options, exit codes, and what it prints. dbt is replaced by a stand-in that writes the marts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from activity_score import build as build_module
from activity_score import cli
from activity_score.dbt import DbtResult
from activity_score.errors import Problem
from activity_score.lock import locked
from activity_score.project import Warehouse

SOURCES = """
sources:
- name: generic
  tables:
  - name: activities
    config: {meta: {activities: true, append: true}}
    columns: [{name: activity_id, config: {meta: {required: true}}}, {name: email}]
"""


class Here:
    """A project of its own in the current folder, and what the stand-in for dbt was told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.warehouse = folder, folder / "data", Warehouse(folder / "warehouse")
        self.started, self.runs = 0, []
        self.dbt = DbtResult(tests={"pass": 2})
        self.writes_marts = True

    @contextmanager
    def starting_dbt(self, words, env, target, keep_open=()):
        self.started += 1
        yield lambda on_progress: self.run_dbt(words, env, target, keep_open)

    def run_dbt(self, words, env, target, keep_open):
        self.runs.append({"words": words, "env": env, "keep_open": keep_open})
        file = target.parent / env["ACTIVITY_SCORE_WORK_DATABASE"]
        publications = []
        if file.exists():
            with duckdb.connect(str(file), read_only=True) as connection:
                self.runs[-1]["raw"] = connection.execute("select * from raw_generic.activities").fetchall()
                publications = connection.execute("from raw_activity_score.publications order by 1").fetchall()
        (Path(words[words.index("--log-path") + 1])).mkdir()
        (Path(words[words.index("--log-path") + 1]) / "dbt.log").write_text("what dbt did")
        as_of, published_at = env["ACTIVITY_SCORE_AS_OF"], env["ACTIVITY_SCORE_PUBLISHED_AT"]
        if self.writes_marts:
            with duckdb.connect() as connection:
                marts = target.parent / env["ACTIVITY_SCORE_MARTS_DATABASE"]
                connection.execute(f"attach '{marts}' as published (storage_version 'v1.5.0')")
                connection.execute("create schema if not exists published.marts")
                connection.execute(
                    "create or replace table published.marts.accounts as select 'v1' as model_version, 'a' as id"
                )
                connection.execute(
                    "create or replace table published.marts.score_publications (published_at timestamp,"
                    " as_of_date date, model_version varchar, account_id varchar, activity_score decimal(5, 2))"
                )
                rows = [*publications, (published_at, as_of, "v1", "a", "12.50")]
                insert = "insert into published.marts.score_publications values (?, ?, ?, ?, ?)"
                connection.executemany(insert, [list(row) for row in rows])
        return self.dbt


@pytest.fixture
def here(tmp_path, monkeypatch):
    found = Here(tmp_path)
    staging = tmp_path / "models" / "staging" / "generic"
    staging.mkdir(parents=True)
    (staging / "_generic__sources.yml").write_text(SOURCES)
    (tmp_path / "dbt_project.yml").write_text("name: activity_score\nvars: {sources: [generic], rounds: 3}\n")
    (found.data / "generic").mkdir(parents=True)
    (found.data / "generic" / "activities.csv").write_text("activity_id,email\n1,ann@acme.example\n2\n")
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_DIR", "WAREHOUSE", "AS_OF", "DEBUG", "JSON", "THREADS", "TARGET", "KEEP"):
        monkeypatch.delenv(f"ACTIVITY_SCORE_{name}", raising=False)
    monkeypatch.setattr(build_module.dbt, "starting", found.starting_dbt)
    monkeypatch.setattr("activity_score.settings.check_settings", lambda project: [])
    return found


def run(capsys, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    with pytest.raises(SystemExit) as exit_:
        cli.main(list(words))
    out, err = capsys.readouterr()
    return exit_.value.code or 0, out, err


def test_a_build_publishes_and_is_remembered(here, capsys):
    code, out, _ = run(capsys, "build", "--as-of", "2026-01-31", "--json")
    assert code == 0
    result = json.loads(out)
    assert (result["outcome"], result["as_of_date"]) == ("published", "2026-01-31")
    assert (result["raw"], result["unreadable_records"]) == ({"generic.activities": 1}, 1)
    assert result["tables"] == {"accounts": 1, "score_publications": 1}
    assert set(result["seconds"]) == {"check", "load", "dbt", "publish"}
    assert Path(result["log"]).read_text() == "what dbt did"
    manifest = json.loads((here.warehouse.current / "manifest.json").read_text())
    assert manifest["build_id"] == result["build_id"]
    assert manifest["tests"] == {"pass": 2}
    assert manifest["vars"] == {"sources": ["generic"], "rounds": 3}
    assert manifest["model_versions"] == ["v1"]
    assert {"dbt-core", "dbt-duckdb", "duckdb", "activity-score"} <= set(manifest["versions"])
    assert here.runs[0]["raw"] == [("1", "ann@acme.example")]

    code, out, _ = run(capsys, "status", "--json")
    status = json.loads(out)
    assert status["current"]["build_id"] == result["build_id"]
    assert [build["outcome"] for build in status["builds"]] == ["published"]
    assert run(capsys, "status")[1].startswith(f"Published: {result['build_id']}, as of 2026-01-31")


def test_the_default_day_is_yesterday_in_utc(here, capsys):
    before = datetime.now(UTC).date()
    run(capsys, "build")
    after = datetime.now(UTC).date()
    assert date.fromisoformat(here.runs[0]["env"]["ACTIVITY_SCORE_AS_OF"]) in {
        before - timedelta(days=1),
        after - timedelta(days=1),
    }


def test_every_option_reads_the_environment(here, capsys, monkeypatch):
    (here.folder / "elsewhere").mkdir()
    here.data.rename(here.folder / "elsewhere" / "raw")
    monkeypatch.setenv("ACTIVITY_SCORE_DATA_DIR", "elsewhere/raw")
    monkeypatch.setenv("ACTIVITY_SCORE_WAREHOUSE", "elsewhere/built")
    monkeypatch.setenv("ACTIVITY_SCORE_AS_OF", "2026-01-30")
    monkeypatch.setenv("ACTIVITY_SCORE_JSON", "1")
    monkeypatch.setenv("ACTIVITY_SCORE_THREADS", "3")
    monkeypatch.setenv("ACTIVITY_SCORE_FULL_REFRESH", "true")
    code, out, _ = run(capsys, "build")
    assert (code, json.loads(out)["as_of_date"]) == (0, "2026-01-30")
    assert (here.folder / "elsewhere/built/current/marts.duckdb").is_file()
    words = here.runs[0]["words"]
    assert words[words.index("--threads") + 1] == "3" and "--full-refresh" in words


def test_vars_of_the_data_directory_reach_dbt(here, capsys):
    (here.data / "vars.yml").write_text("rounds: 5\n")
    run(capsys, "build")
    words = here.runs[0]["words"]
    assert json.loads(words[words.index("--vars") + 1]) == {"rounds": 5}


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


def test_dbt_that_could_not_run_is_exit_code_2(here, capsys):
    here.dbt, here.writes_marts = DbtResult(exit_code=2, faults=["Parsing Error: no such model"]), False
    code, _, err = run(capsys, "build")
    assert code == 2 and "error: the build failed; nothing was published" in err and "error: Parsing Error" in err


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


def test_old_builds_are_removed(here, capsys):
    for _ in range(3):
        run(capsys, "build", "--keep", "2")
    assert len(list(here.warehouse.builds.iterdir())) == 2


def feed(here, **parts: str) -> None:
    """Lay the feed out as a folder of part files."""
    folder = here.data / "generic" / "activities"
    (here.data / "generic" / "activities.csv").unlink(missing_ok=True)
    folder.mkdir(exist_ok=True)
    for name, text in parts.items():
        (folder / f"{name}.csv").write_text(f"activity_id,email\n{text}")


def built(here, capsys, day: str, *words: str) -> tuple[list, dict]:
    """Build a day; what dbt found in the raw table, and what came of it."""
    code, out, _ = run(capsys, "build", "--as-of", day, "--json", *words)
    assert code == 0
    return sorted(here.runs[-1]["raw"]), json.loads(out)


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


def test_another_engine_neither_loads_nor_publishes(here, capsys):
    here.writes_marts = False
    code, out, _ = run(capsys, "build", "--target", "postgres")
    assert code == 0 and out.startswith("built ")
    assert not here.warehouse.builds.exists() and not here.warehouse.work_database.exists()


def test_a_busy_warehouse_is_exit_code_75(here, capsys):
    with locked(here.warehouse):
        for command in (["build"], ["rollback"]):
            code, _, err = run(capsys, *command)
            assert code == 75 and "another build holds the lock (process " in err
    assert here.runs == []


def test_wrong_settings_stop_before_any_work(here, capsys, monkeypatch):
    problems = [
        Problem("seeds/sources.csv, row 4", "half_life_days is -3", "give a positive number"),
        Problem("seeds/sources.csv", "has no email", "add it"),
        Problem("seeds/tenants.csv", "is quite short", "no need", "note"),
    ]
    monkeypatch.setattr("activity_score.settings.check_settings", lambda project: problems)
    code, _, err = run(capsys, "build")
    assert code == 2 and here.runs == []
    assert [line for line in err.splitlines() if line.startswith("error: ")] == [
        "error: seeds/sources.csv, row 4: half_life_days is -3; give a positive number",
        "error: seeds/sources.csv: has no email; add it",
    ]
    status = json.loads(run(capsys, "status", "--json")[1])
    assert status["builds"][0]["exit_code"] == 2


def test_wrong_input_is_one_line_and_a_traceback_only_on_debug(here, capsys):
    (here.data / "generic" / "activities.csv").write_text("email\nx\n")
    code, out, err = run(capsys, "build", "--json")
    assert (code, out) == (2, "")
    assert err == "error: generic/activities.csv: no column 'activity_id'; it has email; rename or add the column\n"
    code, _, err = run(capsys, "build", "--debug")
    assert code == 2 and "Traceback" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["build", "--as-of", "31.01.2026"], "'31.01.2026' does not match the format '%Y-%m-%d'"),
        (["build", "--nonsense"], "No such option"),
        (["build", "--threads", "0"], "0 is not in the range x>=1"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["explain"], "Missing argument 'ACCOUNT'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(here, capsys, words, message):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and message in err and err.count("\n") == 1 and "--help`" in err


def test_something_unexpected_is_one_line_too(here, capsys, monkeypatch):
    monkeypatch.setattr("activity_score.status.read_status", lambda warehouse, limit: 1 / 0)
    code, _, err = run(capsys, "status")
    assert code == 2
    assert err == "error: unexpected ZeroDivisionError: division by zero; run again with --debug to see where\n"


def test_explain_without_a_build_says_so(here, capsys):
    code, _, err = run(capsys, "explain", "acme.example")
    assert code == 2 and "no published build" in err and err.count("\n") == 1


def test_check_prints_all_and_fails_on_errors_only(here, capsys, monkeypatch):
    problems = [Problem("a", "note this", "or not", "note"), Problem("b", "is wrong", "mend it")]
    monkeypatch.setattr("activity_score.check.check", lambda project, data_dir, published: problems)
    code, out, _ = run(capsys, "check")
    assert (code, out) == (2, "error: b: is wrong; mend it\nnote: a: note this; or not\n1 errors, 1 notes\n")
    assert [row["where"] for row in json.loads(run(capsys, "check", "--json")[1])] == ["a", "b"]
    del problems[1]
    assert run(capsys, "check")[0] == 0


def test_the_demo_writes_its_sample_and_builds_its_day(here, capsys, monkeypatch):
    written = []

    def write(data_dir):
        written.append(data_dir)
        (data_dir / "generic").mkdir(exist_ok=True)
        (data_dir / "generic" / "activities.csv").write_text("activity_id,email\n1,ann@acme.example\n")
        return date(2026, 6, 30)

    monkeypatch.setattr("activity_score.sample.write_sample_company", write)
    monkeypatch.setattr(
        "activity_score.report_top_accounts.print_top_accounts", lambda database, console: print(database.is_file())
    )
    code, _, err = run(capsys, "demo")
    assert code == 2 and "error: data: holds files that the demo did not write; choose another --data-dir" in err
    assert written == [] and here.runs == []
    for _ in range(2):  # its own files it may write again
        code, out, _ = run(capsys, "demo", "--data-dir", "sample")
        assert (code, out) == (0, "True\n")
    assert here.runs[-1]["env"]["ACTIVITY_SCORE_AS_OF"] == "2026-06-30"


def test_a_file_that_is_not_read_is_noted(here, capsys):
    (here.data / "generic" / "activites.csv").write_text("")
    assert "note: data/generic/activites.csv was not read: no such table" in run(capsys, "build")[2]


def test_help_does_not_wait_for_what_it_does_not_need():
    script = "import sys, activity_score.cli; print(sorted({'duckdb', 'rich', 'yaml', 'dbt'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
