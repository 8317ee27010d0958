"""One build: check the settings, load the raw files, run dbt, and publish if every data test passed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from activity_score import dbt, parsed_project, state
from activity_score.arrivals import Arrivals
from activity_score.earlier_build import carry_earlier_build
from activity_score.errors import EXIT_OK, EXIT_TEST_FAILED, EXIT_USAGE, UserError
from activity_score.history import remember
from activity_score.load import arrivals_since, load
from activity_score.lock import locked
from activity_score.progress import Progress
from activity_score.project import Project, Warehouse
from activity_score.publish import prune, publish, published_builds
from activity_score.raw_files import unused_entries
from activity_score.raw_tables import connect
from activity_score.sources import Table, declared_tables, resting_tables
from activity_score.state import State

MAX_FAULTS_SHOWN = 10
KEPT_LOGS = 30
PACKAGES = ("activity-score", "dbt-core", "dbt-duckdb", "duckdb")
OUTCOMES = {EXIT_OK: "published", EXIT_TEST_FAILED: "tests failed", EXIT_USAGE: "error"}


@dataclass
class BuildResult:
    """What came of a build.

    Attributes:
        outcome: `published`, `built` (on another engine), `tests failed` or `error`.
        exit_code: the exit code of the command.
        as_of_date: the scored day.
        started_at: when the build began, UTC.
        build_id: the published build, if there is one.
        raw: rows per raw table.
        unreadable_records: raw records that no parser could read.
        tables: rows per published table.
        tests: data tests by status.
        seconds: seconds per step.
        notes: what the user should know although the build went on.
        faults: what went wrong, one line each.
        log: dbt's log of this build.
    """

    as_of_date: str
    started_at: str
    outcome: str = "error"
    exit_code: int = EXIT_USAGE
    build_id: str | None = None
    raw: dict[str, int] = field(default_factory=dict)
    unreadable_records: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    log: str | None = None


def build(
    project: Project,
    data_dir: Path,
    warehouse: Warehouse,
    *,
    as_of: date | None = None,
    target: str = dbt.DEFAULT_TARGET,
    threads: int | None = None,
    full_refresh: bool = False,
    keep: int = 10,
    quiet: bool = False,
    becomes_current: bool = True,
) -> BuildResult:
    """Build, test and publish.

    Args:
        project: the dbt project and the vars in force.
        data_dir: the data directory.
        warehouse: the warehouse directory.
        as_of: the scored day; default: yesterday in UTC, the last complete day.
        target: the profile's target; on any but the default one, raw tables and marts are the engine's own, so
            nothing is loaded and nothing is published.
        threads: how many models at a time; default: what the profile says, on DuckDB one.
        full_refresh: build incremental models from scratch.
        keep: how many published builds stay.
        quiet: do not tell how far the build is.
        becomes_current: whether readers shall see it, once it is published.

    Returns:
        The outcome; a failed data test is no exception, it is outcome and exit code.

    Raises:
        UserError: settings or inputs are wrong (nothing was touched), or another build holds the lock.
    """
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    as_of = as_of or now.date() - timedelta(days=1)
    result = BuildResult(as_of_date=as_of.isoformat(), started_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    progress = Progress(quiet)
    with locked(warehouse) as lock, ExitStack() as stack:
        try:
            with progress.step("check", "Settings"):
                _check_settings(project)
            _clear_work(warehouse)
            published_at = _published_at(warehouse, now)
            made_with, tracked, goes_on = state.ingredients(project), state.tracked_seeds(project), False
            last = None  # the build that is published again
            artifacts = dbt.target_path(warehouse, target)

            def start_dbt() -> Callable[..., dbt.DbtResult]:
                """Let dbt read the project while the raw files are loaded."""
                options = {"target": target, "threads": threads, "full_refresh": full_refresh, "goes_on": goes_on}
                changed_seeds = state.changed_seeds(warehouse, tracked) if goes_on else []
                words = dbt.command(project, warehouse, **options, changed_seeds=changed_seeds)
                env = dbt.environment(project, warehouse, as_of, published_at)
                if goes_on:
                    env = dbt.KEEPING_MEMORY | env
                parsed_project.lend(project, artifacts)
                return stack.enter_context(dbt.starting(words, env, artifacts, keep_open=[lock]))

            if target == dbt.DEFAULT_TARGET:
                with progress.step("load", "Raw files"):
                    goes_on = _goes_on(warehouse, made_with, as_of, full_refresh, result)
                    tables = declared_tables(project)
                    arrivals = arrivals_since(tables, data_dir, warehouse.state_database if goes_on else None)
                    inputs = state.inputs(project, warehouse, as_of, tracked, arrivals.known)
                    if goes_on and state.is_nothing_new(warehouse, inputs):
                        last = published_builds(warehouse)[-1]
                    else:
                        run_dbt = start_dbt()
                        if goes_on:
                            state.take_up(warehouse)
                        # Open meanwhile: with its last connection DuckDB closes the file, and that takes a checkpoint.
                        with connect(warehouse.work_database):
                            _load(project, tables, arrivals, data_dir, warehouse, result, goes_on)
                            carry_earlier_build(warehouse, as_of)
                    unused = unused_entries(data_dir, tables)
                    result.notes += [f"{data_dir / entry} was not read: no such table" for entry in unused]
            else:
                run_dbt = start_dbt()
            if last:
                result.notes.append("nothing is new since the last build: what it published is published again")
                result.raw, result.unreadable_records = last.manifest["raw"], last.manifest["unreadable_records"]
                done = dbt.DbtResult(tests=last.manifest["tests"])
            else:
                with progress.step("dbt", "Models and tests"):
                    done = run_dbt(progress.nodes)
                    parsed_project.keep(project, artifacts)
                result.log = _keep_log(warehouse, as_of, published_at)
            result.tests, result.exit_code = done.tests, done.exit_code
            result.outcome, result.faults = OUTCOMES[done.exit_code], done.faults
            if done.exit_code == EXIT_OK and target == dbt.DEFAULT_TARGET:
                with progress.step("publish", "Publish"):
                    facts = _facts(project, result, progress.seconds)
                    options = {"becomes_current": becomes_current, "again": last}
                    published = publish(warehouse, as_of, published_at, facts, **options)
                    result.build_id, result.tables = published.id, published.manifest["tables"]
                    prune(warehouse, keep)
                    left = State(as_of.isoformat(), result.build_id, made_with, tracked, inputs)
                    if last:
                        state.describe(warehouse, left)
                    else:
                        state.leave(warehouse, left, tables)
            elif done.exit_code == EXIT_OK:
                result.outcome = "built"
        except BaseException as error:
            result.outcome, result.exit_code = "error", getattr(error, "exit_code", EXIT_USAGE)
            result.faults = str(error).splitlines() or [type(error).__name__]
            raise
        finally:
            result.seconds = progress.seconds
            remember(warehouse, asdict(result))
    return result


def _check_settings(project: Project) -> None:
    from activity_score.settings import check_settings

    errors = [problem for problem in check_settings(project) if problem.severity == "error"]
    if errors:
        raise UserError("\n".join(str(problem) for problem in errors))


def _clear_work(warehouse: Warehouse) -> None:
    """Begin with an empty working folder; dbt's artifacts stay, so that it parses only what has changed."""
    warehouse.work.mkdir(parents=True, exist_ok=True)
    for database in (warehouse.work_database, warehouse.work_marts):
        for file in warehouse.work.glob(database.name + "*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
    shutil.rmtree(dbt.log_path(warehouse), ignore_errors=True)


def _published_at(warehouse: Warehouse, now: datetime) -> datetime:
    """Now, yet always later than the newest build, whatever the machine's clock says: the order is the history."""
    said = [build.manifest.get("published_at") for build in published_builds(warehouse)]
    newest = max((datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ") for text in said if text), default=None)
    return max(now, newest + timedelta(seconds=1)) if newest else now


def _goes_on(
    warehouse: Warehouse, made_with: dict[str, str], as_of: date, full_refresh: bool, result: BuildResult
) -> bool:
    """Whether this build goes on from the last one; if it could not, the reason is a note."""
    reason = "" if full_refresh else state.reason_to_start_over(warehouse, made_with, as_of)
    if reason:
        result.notes.append(f"built from scratch: {reason}")
    return reason is None


def _load(
    project: Project,
    tables: list[Table],
    arrivals: Arrivals,
    data_dir: Path,
    warehouse: Warehouse,
    result: BuildResult,
    goes_on: bool,
) -> None:
    builds = published_builds(warehouse)
    # The newest build, not the current one: after a rollback the history still goes on.
    history = builds[-1].marts if builds else None
    # A build that goes on has their tables.
    resting = [] if goes_on else resting_tables(project)
    database = warehouse.work_database
    loaded = load(tables, data_dir, database, history, resting, goes_on=goes_on, arrivals=arrivals)
    result.raw, result.unreadable_records = loaded.rows, loaded.unreadable


def _facts(project: Project, result: BuildResult, seconds: dict[str, float]) -> dict[str, Any]:
    """What the manifest of a build says beside its tables."""
    return {
        "raw": result.raw,
        "unreadable_records": result.unreadable_records,
        "tests": result.tests,
        "seconds": dict(seconds),
        "vars": project.vars,
        "versions": {name: version(name) for name in PACKAGES} | {"python": sys.version.split()[0]},
    }


def _keep_log(warehouse: Warehouse, as_of: date, published_at: datetime) -> str | None:
    """Move dbt's log to `log/`, named like the build; keep the last ones."""
    written = dbt.log_path(warehouse) / "dbt.log"
    if not written.is_file():
        return None
    warehouse.log.mkdir(exist_ok=True)
    file = warehouse.log / f"{published_at.strftime('%Y%m%dT%H%M%SZ')}_{as_of.isoformat()}.log"
    os.replace(written, file)
    for old in sorted(warehouse.log.glob("*.log"))[:-KEPT_LOGS]:
        old.unlink()
    return str(file)
