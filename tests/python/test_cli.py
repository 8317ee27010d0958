"""The command: options, exit codes, and what it prints. dbt is replaced by a stand-in that writes the marts."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from stand_in_dbt import run

from activity_score.dbt import DbtResult
from activity_score.errors import Problem
from activity_score.lock import locked


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


def test_dbt_that_could_not_run_is_exit_code_2(here, capsys):
    here.dbt, here.writes_marts = DbtResult(exit_code=2, faults=["Parsing Error: no such model"]), False
    code, _, err = run(capsys, "build")
    assert code == 2 and "error: the build failed; nothing was published" in err and "error: Parsing Error" in err


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
    assert (code, out) == (2, "error: b: is wrong; mend it\nnote: a: note this; or not\n1 error, 1 note\n")
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
