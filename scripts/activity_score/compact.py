"""Writes a DuckDB file anew without the room that replaced rows have left.

DuckDB fills that room with later rows, but never gives it back unless it is the file's end. Daily runs need little of
it. Where a threshold is calibrated anew, every row of the trends is replaced: from then on half of the file would be
empty, in each build that is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from activity_score.sources import literal

LARGEST_FREE_SHARE = 1 / 3  # a daily run leaves a tenth, a new threshold half
LEAST_FREE_BYTES = 64 << 20  # small files are not worth the work
STORAGE_VERSION = "v1.5.0"  # as in profiles.yml


def is_mostly_empty(file: Path) -> bool:
    """Whether more than a third of a file is free, and that is worth writing it anew.

    Args:
        file: a DuckDB file that nobody has open.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(file))} as given (read_only)")
        sizes = "select total_blocks, free_blocks, block_size from pragma_database_size() where database_name = 'given'"
        total, free, block_size = connection.execute(sizes).fetchone()
    return free > total * LARGEST_FREE_SHARE and free * block_size >= LEAST_FREE_BYTES


def compact(file: Path) -> bool:
    """Write a file anew. Tables, their constraints and the order of rows stay.

    Args:
        file: a DuckDB file that nobody has open, with tables and no views.

    Returns:
        Whether it was written anew. Where that fails, for want of room on the disk, the file stays as it is.
    """
    draft = file.with_name(file.name + ".compact")
    draft.unlink(missing_ok=True)
    options = f"storage_version '{STORAGE_VERSION}', recovery_mode no_wal_writes"
    try:
        with duckdb.connect() as connection:
            connection.execute(f"set temp_directory = {literal(f'{draft}.tmp')}")
            connection.execute(f"attach {literal(str(file))} as given (read_only)")
            connection.execute(f"attach {literal(str(draft))} as taken ({options})")
            connection.execute("copy from database given to taken")
            connection.execute("detach taken")
    except duckdb.Error:
        for leftover in draft.parent.glob(draft.name + "*"):
            leftover.unlink()
        return False
    os.replace(draft, file)
    return True
