"""The benchmark's results as Markdown, between two markers of docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from measure import BuildSplit, Cost

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
SLOWEST = 10


@dataclass(frozen=True)
class Result:
    """What was measured at one size; what was not run is None.

    Attributes:
        activities: raw records in the feed.
        baseline: the hand-written script.
        build: `activity-score build`, tests and publication included.
        split: where the build spent its time.
    """

    activities: int
    baseline: Cost | None
    build: Cost | None
    split: BuildSplit | None


def table(header: list[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [header, [":--", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """The machine and the versions, in one line."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "dbt-core", "dbt-duckdb"))
    return (
        f"{len(os.sched_getaffinity(0))} cores ({platform.machine()}), {memory_gib:.0f} GiB of memory, "
        f"Python {platform.python_version()}, {packages}."
    )


def million(activities: int) -> str:
    """A number of activities, in millions."""
    return f"{activities / 1e6:g} million"


def cost_rows(result: Result) -> Iterable[list[str]]:
    """The rows of one size: the baseline, the build and the build without dbt's start-up."""
    yield from (
        [
            f"{million(result.activities)}: {name}",
            f"{cost.seconds:.1f}",
            ratio(cost.seconds, result.baseline and result.baseline.seconds),
            f"{cost.cpu_seconds:.1f}",
            ratio(cost.cpu_seconds, result.baseline and result.baseline.cpu_seconds),
            f"{result.activities / cost.seconds:,.0f}",
            f"{cost.peak_mib:,.0f}",
        ]
        for name, cost in {"hand-written baseline": result.baseline, "`activity-score build`": result.build}.items()
        if cost
    )
    if result.build and result.split:
        seconds = result.build.seconds - result.split.steps["dbt start-up"]
        yield [
            f"{million(result.activities)}: build, dbt's start-up aside",
            f"{seconds:.1f}",
            ratio(seconds, result.baseline and result.baseline.seconds),
            "",
            "",
            f"{result.activities / seconds:,.0f}",
            "",
        ]


def ratio(cost: float, baseline: float | None) -> str:
    """A cost as a multiple of the baseline's, empty where that was not measured."""
    return f"{cost / baseline:.2f}" if baseline else ""


def render(results: list[Result]) -> str:
    """All results as Markdown."""
    costs = table(
        ["activities", "seconds", "times baseline", "CPU seconds", "times baseline", "activities/s", "peak MiB"],
        [row for result in results for row in cost_rows(result)],
    )
    parts = [machine(), costs]
    for result in results:
        if result.split:
            steps = [[name, f"{seconds:.1f}"] for name, seconds in result.split.steps.items()]
            nodes = sorted(result.split.nodes.items(), key=lambda item: -item[1])[:SLOWEST]
            parts += [
                f"### {million(result.activities)}: where the build spent its time",
                table(["step", "seconds"], steps),
                table([f"slowest {SLOWEST} dbt nodes", "seconds"], [[f"`{n}`", f"{s:.1f}"] for n, s in nodes]),
            ]
    return "\n\n".join(parts)


def write_between_markers(file: Path, text: str) -> None:
    """Replace what stands between the markers of a file.

    Raises:
        ValueError: the file lacks a marker.
    """
    before, begin, rest = file.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{file}: {BEGIN} or {END} is missing; put both back")
    file.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
