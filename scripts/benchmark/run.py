"""Measure builds beside a hand-written baseline and the ways people would do it otherwise, on one generated feed.

    python scripts/benchmark/run.py --sizes 1                              1 million activities
    python scripts/benchmark/run.py --sizes 10 --only baseline build later 10 million, without the rivals
    python scripts/benchmark/run.py --sizes 100 --only baseline build      100 million; wants 60 GB of disk

Each measurement is a process of its own; the baseline goes first, so that all find the feed in the file cache.
What was measured replaces what docs/benchmarks.json says of it, and docs/benchmarks.md is written from that file.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from generate import AS_OF, Size, generate, generate_next_day
from measure import Cost, measure, split_of_build
from report import BASELINE, BUILD, DAILY, LEAST_DAILY, NOTHING_NEW, Result, add_results, render, write_between_markers

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "benchmarks.md"
MEASURED = DOCUMENT.with_suffix(".json")
PARTS = ("baseline", "rivals", "build", "later")
RIVALS = {
    "a pandas script": HERE / "rivals" / "with_pandas.py",
    "a Polars script": HERE / "rivals" / "with_polars.py",
    "SQL, activities joined with every day": HERE / "rivals" / "every_day.py",
}
LARGEST_RIVAL_FEED = 10_000_000  # beyond, they need more memory than the machine has


def measure_size(scratch: Path, activities: int, file_format: str, parts: Sequence[str]) -> Result:
    """Generate a feed and measure on it.

    Args:
        scratch: a folder for the feed and what is built from it.
        activities: how many raw records.
        file_format: `parquet` or `csv`.
        parts: which of PARTS; `later` are the builds that go on from the first one, and need `build`.
    """
    data_dir, size = scratch / "data", Size(activities)
    print(f"{activities:,} activities: generating", flush=True)
    feed = generate(data_dir, size, file_format)
    costs: dict[str, Cost] = {}
    splits = {}

    def run_script(name: str, script: Path, given: Path, *options: str) -> None:
        print(f"{activities:,} activities: {name}", flush=True)
        words = [sys.executable, str(script), str(given), str(scratch / f"{script.stem}.duckdb"), *options]
        costs[name] = measure(words, scratch / f"{script.stem}.log")

    def run_build(name: str, as_of: date) -> None:
        print(f"{activities:,} activities: {name}", flush=True)
        command = [str(Path(sys.executable).with_name("activity-score")), "build", "--as-of", str(as_of)]
        folders = ["--data-dir", str(data_dir), "--warehouse", str(scratch / "warehouse")]
        costs[name] = measure([*command, *folders], scratch / "build.log")
        splits[name] = split_of_build(scratch / "warehouse", costs[name].seconds)

    if "baseline" in parts:
        run_script(BASELINE, HERE / "baseline.py", feed, "--as-of", str(AS_OF))
    if "rivals" in parts and activities <= LARGEST_RIVAL_FEED:
        for name, script in RIVALS.items():
            try:
                run_script(name, script, feed, "--as-of", str(AS_OF))
            except RuntimeError as error:
                print(error)
    if "build" in parts:
        run_build(BUILD, AS_OF)
    if "later" in parts:
        run_script(LEAST_DAILY, HERE / "next_day.py", scratch / "warehouse")
        generate_next_day(data_dir, size, file_format=file_format)
        run_build(DAILY, AS_OF + timedelta(days=1))
        run_build(NOTHING_NEW, AS_OF + timedelta(days=1))
    return Result(activities, costs, splits)


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1], metavar="MILLIONS")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="these alone; later wants build")
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet", help="format of the feed")
    parser.add_argument("--scratch", type=Path, help="where to generate and build (default: a temporary folder)")
    parser.add_argument("--keep", action="store_true", help="keep feeds, warehouses and logs")
    parser.add_argument("--try", dest="is_trial", action="store_true", help="print the tables, write no document")
    options = parser.parse_args()
    if "later" in options.only and "build" not in options.only:
        parser.error("--only later goes on from a build; add build")

    scratch = Path(tempfile.mkdtemp(prefix="activity-score-benchmark-", dir=options.scratch))
    results = []
    try:
        for millions in options.sizes:
            folder = scratch / f"{millions:g}"
            folder.mkdir()
            results.append(measure_size(folder, round(millions * 1e6), options.format, options.only))
            if not options.keep:
                shutil.rmtree(folder)
        print(f"\n{render(results)}")
        if not options.is_trial:
            write_between_markers(DOCUMENT, render(add_results(MEASURED, results)))
    finally:
        if options.keep:
            print(f"kept in {scratch}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
