"""Running dbt: the command and its environment, what is read from its results, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from harness import run_dbt

from activity_score import dbt, parsed_project
from activity_score.project import Project, Warehouse
from activity_score.publish import storage_version

ROOT = Path(__file__).parents[2]


@pytest.fixture
def warehouse(tmp_path):
    found = Warehouse(tmp_path / "warehouse")
    found.target.mkdir(parents=True)
    return found


def project(**overrides):
    return Project(Path("/project"), {"sources": ["generic"], **overrides}, overrides)


def with_sources(folder: Path, *rows: str) -> Project:
    (folder / "seeds").mkdir()
    (folder / "seeds" / "sources.csv").write_text("\n".join(["source,half_life_days", *rows]), encoding="utf-8")
    return Project(folder, {})


def after(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def test_the_command_builds_everything_but_unit_tests(warehouse):
    words = dbt.command(project(), warehouse)
    assert "build" in words and after(words, "--exclude") == "test_type:unit"
    assert after(words, "--target") == "duckdb"
    assert after(words, "--project-dir") == after(words, "--profiles-dir") == "/project"
    assert after(words, "--target-path") == str(warehouse.target)
    assert not {"--vars", "--threads", "--full-refresh"} & set(words)


def test_the_command_with_every_option(warehouse):
    words = dbt.command(project(rounds=3), warehouse, target="postgres", threads=4, full_refresh=True)
    assert json.loads(after(words, "--vars")) == {"rounds": 3}
    assert (after(words, "--threads"), after(words, "--target")) == ("4", "postgres")
    assert "--full-refresh" in words
    assert after(words, "--target-path") == str(warehouse.work / "target-postgres")  # engines do not share artifacts


def test_a_build_that_goes_on_leaves_views_and_unchanged_seeds_as_they_are(warehouse):
    words = dbt.command(project(), warehouse, goes_on=True, changed_seeds=["signals"])
    chosen = words[words.index("--select") + 1 :]
    assert chosen[: chosen.index("resource_type:seed,signals") + 1] == [
        "config.materialized:incremental",
        "config.materialized:table",
        "int_run",
        "path:models/segments",
        "test_type:data",
        "resource_type:seed,signals",
    ]
    assert after(words, "--exclude") == "test_type:unit"


def test_the_environment_is_the_same_for_every_warehouse_and_has_the_clock(tmp_path):
    moment = datetime(2026, 2, 1, 3, 4, 5)
    env = dbt.environment(with_sources(tmp_path, "a,7", "b,14"), Warehouse(Path("here")), date(2026, 1, 31), moment)
    assert env["ACTIVITY_SCORE_WORK_DATABASE"] == "warehouse.duckdb"
    assert env["ACTIVITY_SCORE_MARTS_DATABASE"] == "marts.duckdb"
    assert env["ACTIVITY_SCORE_AS_OF"] == "2026-01-31"
    assert env["ACTIVITY_SCORE_PUBLISHED_AT"] == "2026-02-01 03:04:05"
    assert env["ACTIVITY_SCORE_SEGMENTS"] == ""
    assert env["ACTIVITY_SCORE_HALF_LIVES"] == "2"
    assert env["PATH"] == os.environ["PATH"]


def test_the_environment_names_the_segments(tmp_path):
    (tmp_path / "models" / "segments").mkdir(parents=True)
    for name in ("win_back.sql", "call.sql", "call.yml"):
        (tmp_path / "models" / "segments" / name).write_text("")
    env = dbt.environment(with_sources(tmp_path), Warehouse(tmp_path), date(2026, 1, 31), datetime(2026, 2, 1))
    assert env["ACTIVITY_SCORE_SEGMENTS"] == "call,win_back"


@pytest.mark.parametrize(
    ("rows", "running_sums"),
    [(["a,7", "b,14", "c,7", "breadth,"], 2), (["a,7", "b,7.0"], 2), (["breadth,"], 1)],
    ids=["shared", "spelled in two ways", "none"],
)
def test_developers_have_a_running_sum_for_each_half_life(tmp_path, rows, running_sums):
    assert dbt.count_half_lives(with_sources(tmp_path, *rows)) == running_sums


def results(file: Path, *rows: tuple[str, str, str | None]) -> Path:
    content = [{"unique_id": name, "status": status, "message": message} for name, status, message in rows]
    file.write_text(json.dumps({"results": content}))
    return file


PASSED = [("model.p.a", "success", "OK"), ("test.p.unique_a.1", "pass", None), ("test.p.warned.2", "warn", "Got 1")]


def test_results_that_passed(tmp_path):
    found = dbt.read_results(results(tmp_path / "r.json", *PASSED), 0)
    assert found == dbt.DbtResult(0, tests={"pass": 1, "warn": 1}, nodes={"success": 1})


def test_a_failed_data_test_is_exit_code_1(tmp_path):
    rows = [*PASSED, ("test.p.unique_b.3", "fail", "Got 2 results, configured to fail if != 0")]
    found = dbt.read_results(results(tmp_path / "r.json", *rows), 1)
    assert found.exit_code == 1
    assert found.faults == ["unique_b: Got 2 results, configured to fail if != 0"]


def test_an_error_is_exit_code_2_even_beside_a_failed_test(tmp_path):
    rows = [
        ("test.p.unique_b.3", "fail", "Got 2 results"),
        ("model.p.b", "error", "Runtime Error in model b (models/b.sql)\n  Binder Error: no column c\n\n  LINE 1"),
        ("model.p.c", "skipped", None),
    ]
    found = dbt.read_results(results(tmp_path / "r.json", *rows), 1)
    assert found.exit_code == 2
    assert found.faults[0] == "b: Runtime Error in model b (models/b.sql): Binder Error: no column c"


def test_a_model_that_memory_did_not_suffice_for_says_what_helps(tmp_path):
    said = "Runtime Error in model a (models/a.sql)\n  Out of Memory Error: could not allocate block of size 256.0 KiB"
    found = dbt.read_results(results(tmp_path / "r.json", ("model.p.a", "error", said)), 1)
    assert found.faults[0].endswith("block of size 256.0 KiB; with --threads 1 each model has all of the memory")


def test_a_test_that_cannot_run_is_exit_code_2(tmp_path):
    assert dbt.read_results(results(tmp_path / "r.json", ("test.p.t.1", "error", "boom")), 1).exit_code == 2


def test_dbt_that_could_not_run_is_exit_code_2_whatever_lies_around(tmp_path):
    file = results(tmp_path / "r.json", *PASSED)
    found = dbt.read_results(file, 2, ["", "Encountered an error:\nParsing Error\n  Invalid yaml"])
    assert (found.exit_code, found.faults) == (2, ["Parsing Error: Invalid yaml"])
    assert dbt.read_results(file, 2).faults == ["dbt ended with 2"]


@pytest.mark.parametrize(
    ("code", "fault"),
    [(-9, "dbt was ended by SIGKILL; memory may have run out: build with --threads 1"),
     (-11, "dbt was ended by SIGSEGV")],
)  # fmt: skip
def test_dbt_that_was_killed_names_the_signal_and_not_its_last_words(tmp_path, code, fault):
    found = dbt.read_results(results(tmp_path / "r.json", *PASSED), code, ["warnings.warn('leaked semaphore')"])
    assert (found.exit_code, found.faults) == (2, [fault])


def fake_dbt(tmp_path: Path, body: str) -> list[str]:
    script = tmp_path / "fake.py"
    script.write_text("import json, os, sys, time\n" + body)
    return [sys.executable, str(script)]


def test_progress_and_errors_are_read_from_its_log(tmp_path, warehouse):
    words = fake_dbt(
        tmp_path,
        """
def event(name, level, msg, **data):
    print(json.dumps({"info": {"name": name, "level": level, "msg": msg}, "data": data}))
event("LogStartLine", "info", "1 of 2 START", index=1, total=2)
event("LogModelResult", "info", "1 of 2 OK", index=1, total=2, node_info={"node_name": "stg_a"})
print("not a log line")
event("LogTestResult", "error", "2 of 2 FAIL", index=2, num_models=2, node_info={"node_name": "unique_a"})
event("MainEncounteredError", "error", "Encountered an error:\\nOut of luck")
sys.exit(2)
""",
    )
    seen = []
    found = run_dbt(words, dict(os.environ), warehouse.target, lambda *progress: seen.append(progress))
    assert seen == [(1, 2, "stg_a"), (2, 2, "unique_a")]
    assert found.exit_code == 2 and found.faults == ["2 of 2 FAIL"]


def test_results_of_an_earlier_run_are_never_read(tmp_path, warehouse):
    results(warehouse.target / "run_results.json", *PASSED)
    found = run_dbt(fake_dbt(tmp_path, "print('Killed by hand')"), dict(os.environ), warehouse.target, print)
    assert (found.exit_code, found.faults) == (2, ["Killed by hand"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_dbt_ends_with_a_runner_that_is_killed(tmp_path, warehouse):
    pid_file = tmp_path / "pid"
    child = fake_dbt(tmp_path, f"open({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    runner = tmp_path / "runner.py"
    runner.write_text(
        "import os\nfrom pathlib import Path\nfrom activity_score import dbt\n"
        f"with dbt.starting({child!r}, dict(os.environ), Path({str(warehouse.target)!r})) as run_now: run_now(print)"
    )
    parent = subprocess.Popen([sys.executable, str(runner)])
    wait_until(lambda: pid_file.exists() and pid_file.read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    child_pid = int(pid_file.read_text())
    wait_until(lambda: has_ended(child_pid))


def has_ended(pid: int) -> bool:
    """Gone, or dead and not yet collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(is_true, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A dbt project of one model, whose test fails where the var says so."""
    root = tmp_path_factory.mktemp("tiny")
    (root / "models").mkdir()
    (root / "dbt_project.yml").write_text("name: tiny\nversion: 1.0.0\nprofile: tiny\nvars: {wrong: 0}\n")
    (root / "profiles.yml").write_text(
        "tiny:\n  target: duckdb\n  outputs:\n    duckdb: {type: duckdb, path:"
        " \"{{ env_var('ACTIVITY_SCORE_WORK_DATABASE') }}\"}\n"
    )
    (root / "models" / "a.sql").write_text("select cast('{{ env_var('ACTIVITY_SCORE_AS_OF') }}' as date) as day")
    (root / "models" / "a.yml").write_text(
        "models:\n- name: a\n  columns:\n  - name: day\n    data_tests:\n"
        "    - accepted_values: {arguments: {values: [\"{{ '2026-01-30' if var('wrong') else '2026-01-31' }}\"]}}\n"
    )
    return root


@pytest.mark.parametrize(("overrides", "exit_code", "tests"), [({}, 0, {"pass": 1}), ({"wrong": 1}, 1, {"fail": 1})])
def test_the_real_dbt(tiny, tmp_path, overrides, exit_code, tests):
    warehouse = Warehouse(tmp_path)
    warehouse.work.mkdir()
    project = Project(tiny, {}, overrides)
    words = dbt.command(project, warehouse)
    env = dbt.environment(project, warehouse, date(2026, 1, 31), datetime(2026, 2, 1))
    seen = []
    found = run_dbt(words, env, warehouse.target, lambda *progress: seen.append(progress))
    assert (found.exit_code, found.tests, found.nodes) == (exit_code, tests, {"success": 1}), found.faults
    assert [progress[:2] for progress in seen] == [(1, 2), (2, 2)]
    assert (dbt.log_path(warehouse) / "dbt.log").is_file()
    assert warehouse.work_database.is_file() and not list(warehouse.work.glob("*.wal")), "it ended before it had closed"


def test_dbt_touches_no_database_before_it_is_told_to_run(tiny, tmp_path):
    warehouse = Warehouse(tmp_path)
    warehouse.work.mkdir()
    project = Project(tiny, {}, {})
    env = dbt.environment(project, warehouse, date(2026, 1, 31), datetime(2026, 2, 1))
    with dbt.starting(dbt.command(project, warehouse), env, warehouse.target) as run_now:
        wait_until((warehouse.target / parsed_project.PARSED).is_file)
        time.sleep(0.5)
        assert not warehouse.work_database.exists()
        assert run_now(lambda *_: None).exit_code == 0
    assert warehouse.work_database.is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_dbt_that_is_not_told_to_run_ends_with_the_context(tmp_path, warehouse):
    pid_file = tmp_path / "pid"
    child = fake_dbt(tmp_path, f"open({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    with pytest.raises(ValueError, match="a bad file"), dbt.starting(child, dict(os.environ), warehouse.target):
        wait_until(lambda: pid_file.exists() and pid_file.read_text())
        raise ValueError("a bad file")
    assert has_ended(int(pid_file.read_text()))


def test_dbt_does_not_run_for_a_runner_that_is_gone(tiny, tmp_path):
    warehouse = Warehouse(tmp_path)
    warehouse.work.mkdir()
    project = Project(tiny, {}, {})
    env = dbt.environment(project, warehouse, date(2026, 1, 31), datetime(2026, 2, 1))
    code = subprocess.call(dbt.command(project, warehouse), env=env, cwd=warehouse.work, stdin=subprocess.DEVNULL)
    assert code == 2 and not warehouse.work_database.exists()


def test_a_project_that_dbt_cannot_read_is_one_clear_fault(tiny, tmp_path):
    root, warehouse = tmp_path / "broken", Warehouse(tmp_path)
    shutil.copytree(tiny, root)
    (root / "models" / "b.sql").write_text("select * from {{ ref('nowhere') }}")
    warehouse.work.mkdir()
    project = Project(root, {}, {})
    env = dbt.environment(project, warehouse, date(2026, 1, 31), datetime(2026, 2, 1))
    found = run_dbt(dbt.command(project, warehouse), env, warehouse.target, print)
    assert found.exit_code == 2 and "depends on a node named 'nowhere'" in found.faults[0]


def test_another_day_is_no_reason_to_parse_again(tmp_path):
    (tmp_path / "models").mkdir()
    shutil.copytree(ROOT / "macros", tmp_path / "macros")
    shutil.copy(ROOT / "profiles.yml", tmp_path / "profiles.yml")
    shutil.copy(ROOT / "models" / "intermediate" / "run" / "int_run.sql", tmp_path / "models" / "int_run.sql")
    (tmp_path / "dbt_project.yml").write_text("name: activity_score\nversion: 1.0.0\nprofile: activity_score\n")
    project, warehouse = Project(tmp_path, {}, {}), Warehouse(tmp_path / "warehouse")
    warehouse.work.mkdir(parents=True)
    parsed = []
    for day in (date(2026, 1, 30), date(2026, 1, 31)):
        env = dbt.environment(project, warehouse, day, datetime(2026, 2, day.day - 29))
        found = run_dbt(dbt.command(project, warehouse), env, warehouse.target, print)
        assert found.nodes == {"success": 1}, found.faults
        parsed.append((warehouse.target / parsed_project.PARSED).stat().st_mtime_ns)
        with duckdb.connect(str(warehouse.work_database), read_only=True) as connection:
            assert connection.execute("select as_of_date from int_run").fetchall() == [(day,)]
    assert parsed[0] == parsed[1]


def test_the_working_files_have_no_log_and_hold_everything_once_they_are_closed(tmp_path):
    """Under the profile that builds run with; what spills to the disk lies where the next build removes it."""
    (tmp_path / "models").mkdir()
    shutil.copytree(ROOT / "macros", tmp_path / "macros")
    shutil.copy(ROOT / "profiles.yml", tmp_path / "profiles.yml")
    for name, database in (("kept", "warehouse"), ("shown", "published")):
        (tmp_path / "models" / f"{name}.sql").write_text(
            f"{{{{ config(materialized='table', database='{database}') }}}} select 7 as number"
        )
    seen = "create table warehouse.main.seen as select current_setting('temp_directory') as spills_to, (select count(*)"
    (tmp_path / "dbt_project.yml").write_text(
        "name: activity_score\nversion: 1.0.0\nprofile: activity_score\n"
        f"on-run-end: \"{seen} from glob('*.wal')) as logs\"\n"
    )
    project, warehouse = Project(tmp_path, {}, {}), Warehouse(tmp_path / "warehouse")
    warehouse.work.mkdir(parents=True)
    env = dbt.environment(project, warehouse, date(2026, 1, 31), datetime(2026, 2, 1))
    found = run_dbt(dbt.command(project, warehouse), env, warehouse.target, print)
    assert found.exit_code == 0, found.faults
    with duckdb.connect(str(warehouse.work_database), read_only=True) as connection:
        assert connection.execute("from kept").fetchall() == [(7,)]
        assert connection.execute("select spills_to, logs from seen").fetchall() == [("warehouse.duckdb.tmp", 0)]
    with duckdb.connect(str(warehouse.work_marts), read_only=True) as connection:
        assert connection.execute("from shown").fetchall() == [(7,)]
    assert {storage_version(file) for file in (warehouse.work_database, warehouse.work_marts)} == {68}


def test_a_new_warehouse_is_lent_what_dbt_parsed_for_another(tmp_path):
    ours, others = Project(tmp_path, {}, {}), Project(tmp_path, {}, {"identity_rounds": 3})
    first, second, third = tmp_path / "first", tmp_path / "second", tmp_path / "third"
    parsed_project.lend(ours, first)
    assert not first.exists()
    first.mkdir()
    (first / parsed_project.PARSED).write_text("parsed")
    parsed_project.keep(ours, first)
    parsed_project.lend(ours, second)
    assert (second / parsed_project.PARSED).read_text() == "parsed"
    parsed_project.lend(others, third)
    assert not third.exists(), "with other vars dbt would parse everything again"
    (second / parsed_project.PARSED).write_text("its own")
    parsed_project.lend(ours, second)
    assert (second / parsed_project.PARSED).read_text() == "its own"
