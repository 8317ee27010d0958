"""Seconds and memory of a command in a process of its own, and where a build spent them."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one command cost.

    Attributes:
        seconds: wall clock.
        cpu_seconds: processor time of all its processes; steadier than wall clock on a busy machine.
        peak_mib: largest resident memory of any one of its processes, in MiB.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float


@dataclass(frozen=True)
class BuildSplit:
    """Where a build spent its seconds.

    Attributes:
        steps: wall clock of each step of `activity-score build`, with dbt's own in two: its start-up (the wall
            clock of the dbt process outside the span from its first node's start to its last node's end) and its
            nodes. `publish and the rest` is what no step before it accounts for.
        nodes: seconds of each dbt node; nodes overlap, so they sum to more than the step.
    """

    steps: dict[str, float]
    nodes: dict[str, float] = field(default_factory=dict)


def measure(command: list[str], log: Path) -> Cost:
    """Run a command and wait for it.

    Args:
        command: the program and its arguments.
        log: receives what it prints.

    Raises:
        RuntimeError: the command failed; the message ends with the last lines it printed.
    """
    os.sync()  # what the measurement before left to be written is not this one's work
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)  # the only wait that tells one child's resources
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{tail}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def split_of_build(warehouse: Path, seconds: float) -> BuildSplit:
    """Read where the newest build of a warehouse spent its time.

    Args:
        warehouse: the warehouse directory of a build that was published.
        seconds: wall clock of the whole command.
    """
    steps = dict(json.loads((warehouse / "current" / "manifest.json").read_text())["seconds"])
    if "dbt" not in steps:  # nothing was new, so nothing was run
        rest = seconds - sum(steps.values())
        return BuildSplit(steps | {"dbt start-up": 0.0, "dbt nodes": 0.0, "publish and the rest": rest})
    results = json.loads((warehouse / "work" / "target" / "run_results.json").read_text())["results"]
    moments = [
        datetime.fromisoformat(moment)
        for result in results
        for timing in result["timing"]
        for moment in (timing["started_at"], timing["completed_at"])
        if moment
    ]
    span = (max(moments) - min(moments)).total_seconds()
    rest = seconds - sum(steps.values())
    dbt_seconds = steps.pop("dbt")
    steps |= {"dbt start-up": dbt_seconds - span, "dbt nodes": span, "publish and the rest": rest}
    nodes = {result["unique_id"].replace(".activity_score.", " "): result["execution_time"] for result in results}
    return BuildSplit(steps, nodes)
