"""A project in the current folder, in which a stand-in for dbt writes the marts."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from activity_score import build as build_module
from activity_score import cli
from activity_score.dbt import DbtResult
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


def set_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """Make the project, go there, and let the stand-in run for dbt."""
    found = Here(folder)
    staging = folder / "models" / "staging" / "generic"
    staging.mkdir(parents=True)
    (staging / "_generic__sources.yml").write_text(SOURCES)
    (folder / "dbt_project.yml").write_text("name: activity_score\nvars: {sources: [generic], rounds: 3}\n")
    (found.data / "generic").mkdir(parents=True)
    (found.data / "generic" / "activities.csv").write_text("activity_id,email\n1,ann@acme.example\n2\n")
    monkeypatch.chdir(folder)
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
