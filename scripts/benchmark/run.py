"""Measure a full build beside the hand-written baseline, on the same generated feed, in one run.

    python scripts/benchmark/run.py --sizes 1            1 million activities
    python scripts/benchmark/run.py --sizes 1 10 100     what docs/benchmarks.md shows; wants 60 GB of disk

Each measurement is a process of its own; the baseline goes first, so that both find the feed in the file cache.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from generate import AS_OF, Size, generate
from measure import measure, split_of_build
from report import Result, render, write_between_markers

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "benchmarks.md"


def measure_size(scratch: Path, activities: int, file_format: str, only: str | None) -> Result:
    """Generate a feed and measure on it.

    Args:
        scratch: a folder for the feed and what is built from it.
        activities: how many raw records.
        file_format: `parquet` or `csv`.
        only: `baseline` or `build`; None measures both.
    """
    data_dir, warehouse = scratch / "data", scratch / "warehouse"
    print(f"{activities:,} activities: generating", flush=True)
    feed = generate(data_dir, Size(activities), file_format)
    baseline = build = split = None
    if only != "build":
        print(f"{activities:,} activities: baseline", flush=True)
        script = [sys.executable, str(HERE / "baseline.py"), str(feed), str(scratch / "baseline.duckdb")]
        baseline = measure([*script, "--as-of", str(AS_OF)], scratch / "baseline.log")
    if only != "baseline":
        print(f"{activities:,} activities: build", flush=True)
        command = [str(Path(sys.executable).with_name("activity-score")), "build", "--as-of", str(AS_OF)]
        folders = ["--data-dir", str(data_dir), "--warehouse", str(warehouse)]
        build = measure([*command, *folders], scratch / "build.log")
        split = split_of_build(warehouse, build.seconds)
    return Result(activities, baseline, build, split)


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1], metavar="MILLIONS")
    parser.add_argument("--only", choices=["baseline", "build"], help="measure one of the two; writes no document")
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet", help="format of the feed")
    parser.add_argument("--scratch", type=Path, help="where to generate and build (default: a temporary folder)")
    parser.add_argument("--keep", action="store_true", help="keep feeds, warehouses and logs")
    options = parser.parse_args()

    scratch = Path(tempfile.mkdtemp(prefix="activity-score-benchmark-", dir=options.scratch))
    results = []
    try:
        for millions in options.sizes:
            folder = scratch / f"{millions:g}"
            folder.mkdir()
            results.append(measure_size(folder, round(millions * 1e6), options.format, options.only))
            if not options.keep:
                shutil.rmtree(folder)
        text = render(results)
        print(f"\n{text}")
        if not options.only:
            write_between_markers(DOCUMENT, text)
    finally:
        if options.keep:
            print(f"kept in {scratch}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
