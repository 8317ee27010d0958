"""Runs dbt once, as a child process, and says what came of it.

A child, because dbt in the runner's own process keeps the database locked after it has returned.
"""

from __future__ import annotations

import csv
import ctypes
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from activity_score.errors import EXIT_OK, EXIT_TEST_FAILED, EXIT_USAGE
from activity_score.project import Project, Warehouse
from activity_score.segment_files import segment_names

DEFAULT_TARGET = "duckdb"
# -P: or `import dbt` would find the file beside it.
PROGRAM = (sys.executable, "-P", str(Path(__file__).with_name("run_dbt.py")))
# What a build that goes on from the last one runs, beside the seeds that have changed. Views only say how to read:
# those of the last build are still right, but for the one that holds the day, and segments, which may be new ones.
CHANGING = (
    "config.materialized:incremental",
    "config.materialized:table",
    "int_run",
    "path:models/segments",
    "test_type:data",
)
# DuckDB's allocator gives memory back to the system when it has not been used for a second, and the next statement asks
# for it again, page by page. A daily run is hundreds of statements; ten seconds span most gaps between large ones.
KEEPING_MEMORY = {"DUCKDB_JE_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000"}
GO_AHEAD = "run\n"  # run_dbt.py waits for it; that the pipe was closed may also mean that nobody is there any more
_PR_SET_PDEATHSIG = 1


@dataclass
class DbtResult:
    """What came of one run of dbt.

    Attributes:
        exit_code: 0 all passed, 1 only data tests failed, 2 something could not be built or dbt could not run.
        tests: number of data tests by status (`pass`, `warn`, `fail`, `error`, `skipped`).
        nodes: number of seeds and models by status.
        faults: one line per failed node, the first ones first.
    """

    exit_code: int = EXIT_OK
    tests: dict[str, int] = field(default_factory=dict)
    nodes: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def target_path(warehouse: Warehouse, target: str = DEFAULT_TARGET) -> Path:
    """Where dbt keeps its artifacts; engines must not share them."""
    return warehouse.target if target == DEFAULT_TARGET else warehouse.target.with_name(f"target-{target}")


def log_path(warehouse: Warehouse) -> Path:
    """Where dbt writes `dbt.log` while it runs."""
    return warehouse.work / "log"


def command(
    project: Project,
    warehouse: Warehouse,
    *,
    target: str = DEFAULT_TARGET,
    threads: int | None = None,
    full_refresh: bool = False,
    goes_on: bool = False,
    changed_seeds: Sequence[str] = (),
) -> list[str]:
    """Write the command that builds everything, or what a build that goes on must, and runs the data tests.

    Args:
        project: the dbt project, and the vars that the data directory overrides.
        warehouse: the warehouse directory, for dbt's artifacts and log.
        target: the profile's target.
        threads: how many models at a time; default: the profile's.
        full_refresh: build incremental models from scratch.
        goes_on: whether the databases are those of the last build, rather than new and empty.
        changed_seeds: the seeds that have changed since the last build; of no use without `goes_on`.
    """
    words = [*PROGRAM, "--when-told", "--log-format", "json", "--log-format-file", "text", "--log-level", "info"]
    if not goes_on and target == DEFAULT_TARGET:
        # There is nothing to look up. Otherwise dbt must look before it starts: looked up on the way, by two threads
        # at once, one of them takes a table for missing.
        words += ["--no-populate-cache"]
    words += ["--log-path", str(log_path(warehouse).resolve())]
    words += ["build", "--target", target]
    words += ["--project-dir", str(project.root.resolve()), "--profiles-dir", str(project.root.resolve())]
    words += ["--target-path", str(target_path(warehouse, target).resolve())]
    if threads:
        words += ["--threads", str(threads)]
    if project.overrides:
        words += ["--vars", json.dumps(project.overrides, sort_keys=True)]
    # What stands before --exclude holds for reading the project as well: see run_dbt.py.
    words += ["--exclude", "test_type:unit"]
    if goes_on:
        words += ["--select", *CHANGING, *(f"resource_type:seed,{seed}" for seed in changed_seeds)]
    if full_refresh:
        words += ["--full-refresh"]
    return words


def environment(project: Project, warehouse: Warehouse, as_of: date, published_at: datetime) -> dict[str, str]:
    """What the profile and the models `int_run` and `int_segment_matches` read, on top of the runner's environment.

    The databases are named relative to the working folder, in which dbt runs: so the profile is the same for every
    warehouse, and dbt need not parse the project again for each.

    Args:
        project: the dbt project, for the names of its segments.
        warehouse: the warehouse directory.
        as_of: the scored day.
        published_at: the moment of publication, UTC.
    """
    own = {
        "ACTIVITY_SCORE_WORK_DATABASE": warehouse.work_database.name,
        "ACTIVITY_SCORE_MARTS_DATABASE": warehouse.work_marts.name,
        "ACTIVITY_SCORE_AS_OF": as_of.isoformat(),
        "ACTIVITY_SCORE_PUBLISHED_AT": published_at.strftime("%Y-%m-%d %H:%M:%S"),
        "ACTIVITY_SCORE_SEGMENTS": ",".join(segment_names(project)),
    }
    if (project.seeds / "sources.csv").is_file():
        own["ACTIVITY_SCORE_HALF_LIVES"] = str(count_half_lives(project))
    return {**os.environ, **own}


def count_half_lives(project: Project) -> int:
    """How many half-lives the sources have, at least 1: so many running sums `int_developer_days` writes side by side.

    Counted as they are spelled, so that there are never more than this.

    Args:
        project: the dbt project.
    """
    with (project.seeds / "sources.csv").open(encoding="utf-8", newline="") as file:
        return max(1, len({row["half_life_days"] for row in csv.DictReader(file)} - {"", None}))


@contextmanager
def starting(
    words: Sequence[str], env: dict[str, str], target: Path, keep_open: Sequence[int] = ()
) -> Iterator[Callable[[Callable[[int, int, str], None]], DbtResult]]:
    """Start dbt, which reads the project meanwhile and touches no database before it is told to run.

    Args:
        words: the command.
        env: its environment.
        target: where it writes its artifacts; it runs in the folder above, the working folder. An old
            `run_results.json` is removed first: a run that is killed leaves none, and the old one would be read in its
            place.
        keep_open: file descriptors the child inherits: with the lock's, an orphan of a killed runner keeps the lock.

    Yields:
        What lets it run, and reads its results. It is called with what to call for each finished node: with the number
        of finished nodes, of all nodes, and the one that finished. If it is not called, dbt ends with the context.
    """
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    child = subprocess.Popen(
        words,
        env=env,
        cwd=target.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=list(keep_open),
        preexec_fn=_die_with_parent,
    )
    try:
        yield lambda on_progress: _follow(child, results, on_progress)
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait()
        child.stdout.close()
        with suppress(BrokenPipeError):
            child.stdin.close()


def _follow(child: subprocess.Popen, results: Path, on_progress: Callable[[int, int, str], None]) -> DbtResult:
    with suppress(BrokenPipeError):  # it has ended already, and says why
        child.stdin.write(GO_AHEAD)
        child.stdin.close()
    done, errors, plain = 0, [], []
    for line in child.stdout:
        try:
            event = json.loads(line)
            info, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            plain.append(line.strip())
            continue
        if info.get("level") == "error":
            errors.append(info.get("msg", ""))
        total = data.get("total") or data.get("num_models")  # so it is called where a test has finished
        if info["name"].startswith("Log") and info["name"].endswith("Result") and total:
            done += 1
            on_progress(done, total, data.get("node_info", {}).get("node_name", ""))
    return read_results(results, child.wait(), errors or [line for line in plain if line][-1:])


def read_results(file: Path, code: int, messages: Sequence[str] = ()) -> DbtResult:
    """Read what came of each node.

    Args:
        file: dbt's `run_results.json`; there is none if dbt could not start or was killed.
        code: the exit code of dbt; below 0 the signal that ended it.
        messages: what dbt said, for want of results.
    """
    if code < 0:
        # The last words of a killed process say nothing about why it ended.
        name = signal.Signals(-code).name
        mend = "; memory may have run out: build with --threads 1" if -code == signal.SIGKILL else ""
        return DbtResult(exit_code=EXIT_USAGE, faults=[f"dbt was ended by {name}{mend}"])
    if code not in (0, 1) or not file.is_file():
        said = next((one_line(message) for message in messages if one_line(message)), f"dbt ended with {code}")
        return DbtResult(exit_code=EXIT_USAGE, faults=[said])
    rows = json.loads(file.read_text(encoding="utf-8"))["results"]
    tests = [row for row in rows if row["unique_id"].startswith("test.")]
    nodes = [row for row in rows if not row["unique_id"].startswith("test.")]
    errors = [row for row in rows if row["status"] in ("error", "runtime error", "partial success")]
    fails = [row for row in tests if row["status"] == "fail"]
    exit_code = EXIT_USAGE if errors else EXIT_TEST_FAILED if fails else EXIT_OK if code == 0 else EXIT_USAGE
    return DbtResult(
        exit_code=exit_code,
        tests=dict(Counter(row["status"] for row in tests)),
        nodes=dict(Counter(row["status"] for row in nodes)),
        faults=[_fault(row) for row in [*errors, *fails]],
    )


def one_line(message: str | None) -> str:
    """The first words of a message of dbt that say something, on one line."""
    lines = [" ".join(line.split()) for line in (message or "").splitlines()]
    said = [line for line in lines if line and not line.startswith("Encountered an error")]
    return ": ".join(said[:2])


def _fault(row: dict[str, Any]) -> str:
    name = row["unique_id"].split(".")[2]
    said = one_line(row.get("message"))
    mend = "; with --threads 1 each model has all of the memory" if "Out of Memory" in said else ""
    return f"{name}: {said}{mend}"


def _die_with_parent() -> None:
    """Linux: when the runner is killed, dbt ends too, rather than build on for nobody."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
