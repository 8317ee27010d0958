"""The benchmark's results: kept in docs/benchmarks.json, and written between two markers of docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from measure import BuildSplit, Cost

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
SLOWEST = 10


# Names in the order in which they are shown; whatever else was measured stands between the baseline and the build.
BASELINE, BUILD = "hand-written baseline", "`activity-score build`"
LEAST_DAILY = "the least a day more can cost, by hand"
DAILY, NOTHING_NEW = "daily run after 0.5 % more", "`build` with nothing new"
LATER = (LEAST_DAILY, DAILY, NOTHING_NEW)


@dataclass(frozen=True)
class Result:
    """What was measured at one size.

    Attributes:
        activities: raw records in the feed.
        costs: what each way cost, by its name, in the order it shall be shown.
        splits: where builds spent their time, by name.
    """

    activities: int
    costs: dict[str, Cost]
    splits: dict[str, BuildSplit]

    def without_start_up(self, name: str) -> float | None:
        """Seconds of a build, dbt's start-up aside; None if it was not measured."""
        if name not in self.costs or name not in self.splits:
            return None
        return self.costs[name].seconds - self.splits[name].steps["dbt start-up"]


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
    """The rows of one size."""
    baseline = result.costs.get(BASELINE)
    for name, cost in result.costs.items():
        aside = result.without_start_up(name)
        yield [
            f"{million(result.activities)}: {name}",
            f"{cost.seconds:.1f}",
            ratio(cost.seconds, baseline and baseline.seconds),
            f"{aside:.1f}" if aside is not None else "",
            ratio(aside, baseline and baseline.seconds),
            f"{cost.cpu_seconds:.1f}",
            f"{cost.peak_mib:,.0f}",
        ]


def share_rows(results: list[Result]) -> Iterable[list[str]]:
    """How much of a full build the later builds cost, dbt's start-up aside on both sides."""
    for result in results:
        full = result.without_start_up(BUILD)
        for name in LATER:
            later = result.without_start_up(name)
            if name == LEAST_DAILY and name in result.costs:  # there is no dbt in it
                later = result.costs[name].seconds
            if full and later is not None:
                yield [f"{million(result.activities)}: {name}", f"{later:.1f}", f"{100 * later / full:.1f} %"]


def ratio(cost: float | None, baseline: float | None) -> str:
    """A cost as a multiple of the baseline's, empty where that was not measured."""
    return f"{cost / baseline:.2f}" if cost is not None and baseline else ""


def render(results: list[Result]) -> str:
    """All results as Markdown."""
    costs = table(
        ["activities", "seconds", "times baseline", "dbt's start-up aside", "times baseline", "CPU s", "peak MiB"],
        [row for result in results for row in cost_rows(result)],
    )
    parts = [machine(), costs]
    if shares := list(share_rows(results)):
        parts.append(table(["later builds, dbt's start-up aside", "seconds", "of the full build"], shares))
    for result in results:
        for name, split in result.splits.items():
            steps = [[step, f"{seconds:.1f}"] for step, seconds in split.steps.items()]
            nodes = sorted(split.nodes.items(), key=lambda item: -item[1])[:SLOWEST]
            parts += [
                f"### {million(result.activities)}, {name}: where the time went",
                table(["step", "seconds"], steps),
                table([f"slowest {SLOWEST} dbt nodes", "seconds"], [[f"`{n}`", f"{s:.1f}"] for n, s in nodes]),
            ]
    return "\n\n".join(parts)


def add_results(file: Path, results: list[Result]) -> list[Result]:
    """Put new results beside those that a file keeps, each in the place of an older one of the same size and name.

    Args:
        file: the JSON file; made if it is not there.
        results: what was measured now.

    Returns:
        All results that the file then holds, by size.
    """
    kept = {result.activities: result for result in read_results(file)}
    for result in results:
        old = kept.get(result.activities, Result(result.activities, {}, {}))
        costs = {**old.costs, **result.costs}
        others = [name for name in costs if name not in (BASELINE, BUILD, *LATER)]
        shown = {name: costs[name] for name in (BASELINE, *others, BUILD, *LATER) if name in costs}
        kept[result.activities] = Result(result.activities, shown, {**old.splits, **result.splits})
    all_results = [kept[activities] for activities in sorted(kept)]
    file.write_text(json.dumps([asdict(result) for result in all_results], indent=1) + "\n", encoding="utf-8")
    return all_results


def read_results(file: Path) -> list[Result]:
    """Read the results that a file keeps; none where there is no file."""
    if not file.exists():
        return []
    return [
        Result(
            size["activities"],
            {name: Cost(**cost) for name, cost in size["costs"].items()},
            {name: BuildSplit(**split) for name, split in size["splits"].items()},
        )
        for size in json.loads(file.read_text(encoding="utf-8"))
    ]


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
