"""Run the hand-written baseline on a feed.

python scripts/benchmark/baseline.py DATA_DIR/generic/activities/until.parquet OUT.duckdb --as-of 2026-06-15
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parents[1] / "seeds"


def run_baseline(feed: Path, database: Path, as_of: date, seeds: Path = SEEDS) -> None:
    """Run `baseline.sql` and leave its result tables in a new DuckDB file.

    Args:
        feed: the generic feed's activities, one Parquet or CSV file.
        database: the file to write; replaced if it is there.
        as_of: the last day that counts.
        seeds: the folder of the settings.
    """
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"create temp view feed as from '{feed}'")
        connection.execute("set variable seeds = ?", [str(seeds)])
        connection.execute("set variable as_of = ?", [as_of])
        connection.execute((HERE / "baseline.sql").read_text())


def main() -> None:
    """Run the baseline from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("feed", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    options = parser.parse_args()
    run_baseline(options.feed, options.database, options.as_of)


if __name__ == "__main__":
    main()
