"""Builds one day after another over a range of days, as if each had been built when it was over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from activity_score.build import BuildResult, build
from activity_score.errors import EXIT_OK, UserError
from activity_score.project import Project, Warehouse
from activity_score.publish import current_build


def backfill(
    project: Project, data_dir: Path, warehouse: Warehouse, first: date, last: date, **options: Any
) -> Iterator[BuildResult]:
    """Build every day of a range; readers keep what they see while that is of a later day.

    Each build goes on from the one before, so a day costs what happened on it. The first one starts over where the
    warehouse has already reached a later day.

    Args:
        project: the dbt project and the vars in force.
        data_dir: the data directory.
        warehouse: the warehouse directory.
        first: the first day to build.
        last: the last one.
        **options: further arguments of `build`.

    Yields:
        What came of each day, up to the first that was not published.

    Raises:
        UserError: the range is empty, or a build cannot run.
    """
    if last < first:
        raise UserError(f"--to {last} lies before --from {first}; give them the other way round")
    current = current_build(warehouse)
    seen = date.fromisoformat(current.manifest.get("as_of_date", "0001-01-01")) if current else date.min
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        result = build(project, data_dir, warehouse, as_of=day, becomes_current=day >= seen, **options)
        yield result
        if result.exit_code != EXIT_OK:
            return
