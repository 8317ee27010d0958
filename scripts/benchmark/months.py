"""Run daily for months, as a scheduler would, and say what becomes of the time a run takes and of the files it leaves.

    python scripts/benchmark/months.py --millions 1

What the generated feed's first days brought is there at first, the others arrive day by day, late records late. At the
end the last day is built from scratch beside it: the tables that tell no history must hold the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import duckdb
from generate import AS_OF, DAYS, Size, generate
from measure import measure
from report import table

SAME = (
    "account_scores_daily",
    "account_source_scores_daily",
    "account_timeline",
    "activity_ledger",
    "developer_scores_daily",
    "developers",
)
TOLERANCE = 1e-9
DATABASES = ("daily", "scratch")


def arrivals(feed: Path, activities: Path, days: int) -> Iterator[date]:
    """Deliver a feed: a first file with all that arrived before the last days, then one for each of these.

    Args:
        feed: the Parquet file that `generate` wrote.
        activities: the folder to deliver to.
        days: how many last days arrive on their own.

    Yields:
        the day of which everything has arrived.
    """
    activities.mkdir(parents=True)
    for day in (AS_OF - timedelta(days=ago) for ago in range(days, -1, -1)):
        is_first = day == AS_OF - timedelta(days=days)
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (from '{feed}' where loaded_at::date {'<=' if is_first else '='} date '{day}')"
                f" to '{activities / f'{day}.parquet'}'"
            )
        yield day


def build(data: Path, warehouse: Path, as_of: date) -> tuple[float, float, float]:
    """Build a day.

    Args:
        data: the data directory.
        warehouse: the warehouse directory.
        as_of: the day.

    Returns:
        CPU seconds, and the sizes of the published and of the working file in MB.
    """
    command = [str(Path(sys.executable).with_name("activity-score")), "build", "--as-of", str(as_of), "--keep", "2"]
    cost = measure([*command, "--data-dir", str(data), "--warehouse", str(warehouse)], warehouse.with_name("build.log"))
    files = warehouse / "current" / "marts.duckdb", warehouse / "state" / "warehouse.duckdb"
    return cost.cpu_seconds, *(file.stat().st_size / 1e6 for file in files)


def differing_rows(daily: Path, scratch: Path, mart: str) -> int:
    """How many groups of rows that agree in all but their fractions are not the same in both builds.

    Args:
        daily: the published file of the daily runs.
        scratch: that of the build from scratch.
        mart: the table.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{daily}' as daily (read_only); attach '{scratch}' as scratch (read_only)")
        columns = connection.execute(f"describe daily.marts.{mart}").fetchall()
        fractions = [name for name, kind, *_ in columns if kind.startswith(("DOUBLE", "DECIMAL"))]
        sums = "".join(f", coalesce(sum({name})::double, 0) as {name}" for name in fractions)
        keys = ", ".join(name for name, *_ in columns if name not in fractions)
        sides = (f"(select {keys}, count(*) as n{sums} from {side}.marts.{mart} group by {keys})" for side in DATABASES)
        same_keys = " and ".join(f"l.{name} is not distinct from r.{name}" for name in keys.split(", "))
        differ = "".join(
            f" or abs(l.{name} - r.{name}) > {TOLERANCE} * greatest(1, abs(l.{name}))" for name in fractions
        )
        query = " l full join ".join(sides) + f" r on {same_keys} where l.n is distinct from r.n{differ}"
        return connection.execute(f"select count(*) from {query}").fetchone()[0]


def main() -> None:
    """Run the months from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, default=1, help="million activities in 180 days (default: 1)")
    parser.add_argument("--days", type=int, default=DAYS // 2, help="how many daily runs (default: 90)")
    parser.add_argument("--scratch", type=Path, help="where to generate and build (default: a temporary folder)")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="activity-score-months-", dir=options.scratch) as folder:
        root = Path(folder)
        feed = generate(root / "feed", Size(round(options.millions * 1e6)))
        runs = []
        for day in arrivals(feed, root / "data" / "generic" / "activities", options.days):
            runs.append((day, *build(root / "data", root / "daily", day)))
            print(f"{day}: {runs[-1][1]:.1f} CPU s, {runs[-1][2]:.0f} and {runs[-1][3]:.0f} MB", flush=True)
        scratch = build(root / "data", root / "scratch", AS_OF)
        rows = []
        for month, those in groupby(runs[1:], key=lambda run: f"{run[0]:%Y-%m}"):
            ordered = [sorted(values) for values in list(zip(*those, strict=True))[1:]]
            middle = len(ordered[0]) // 2
            rows.append([month, *(f"{values[middle]:.1f}" for values in ordered), f"{ordered[0][-1]:.1f}"])
        rows.append(["from scratch, last day", *(f"{value:.1f}" for value in scratch), ""])
        print(f"\n{table(['daily runs', 'CPU s (median)', 'published MB', 'working MB', 'CPU s (most)'], rows)}\n")
        published = [root / side / "current" / "marts.duckdb" for side in DATABASES]
        found = {mart: differing_rows(*published, mart) for mart in SAME}
        for mart, count in found.items():
            print(f"{mart}: {count or 'nothing'} differs from a build from scratch")
        sys.exit(1 if any(found.values()) else 0)


if __name__ == "__main__":
    main()
