"""Give the last build's published tables one more day, by hand: the least that a daily run can cost.

    python scripts/benchmark/next_day.py WAREHOUSE OUT.duckdb

Copies the published file of the last build, runs `next_day.sql` on the copy, closes it and reads it back, as a build
does before it publishes. What stays out - what arrived, identity, signals, tasks, data tests, all that is kept for the
next run - a daily run does besides. The warehouse itself is not touched.
"""

from __future__ import annotations

import argparse
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb

from activity_score.project import Warehouse
from activity_score.publish import check_marts, published_builds

HERE = Path(__file__).resolve().parent


def add_next_day(warehouse: Warehouse, database: Path) -> None:
    """Write the published tables of the day after the last build, as far as `next_day.sql` says.

    Args:
        warehouse: a warehouse directory with a published build.
        database: the file to write; replaced if it is there.
    """
    last = published_builds(warehouse)[-1]
    database.unlink(missing_ok=True)
    shutil.copyfile(last.marts, database)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"attach '{database}' as published (storage_version 'v1.5.0', recovery_mode no_wal_writes)")
        connection.execute(f"attach '{warehouse.state_database}' as warehouse (read_only)")
        as_of = date.fromisoformat(last.manifest["as_of_date"]) + timedelta(days=1)
        connection.execute("set variable as_of = ?", [as_of])
        connection.execute((HERE / "next_day.sql").read_text())
    check_marts(database)


def main() -> None:
    """Write the next day from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("database", type=Path)
    options = parser.parse_args()
    add_next_day(Warehouse(options.warehouse), options.database)


if __name__ == "__main__":
    main()
