"""Run dbt's unit tests on empty tables: they bring their own rows, and need of the warehouse only its columns.

    python scripts/dbt_unit_tests.py [SELECTION ...]

Builds every model empty in a scratch folder, so no data and no warehouse are needed. A selection is dbt's, such as
`test_name:one_jump_holds_for_seven_days` or the name of a model.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from activity_score import dbt
from activity_score.load import connect, create_raw_tables
from activity_score.project import Warehouse, load_project
from activity_score.sources import declared_tables, resting_tables


def main(selection: list[str]) -> int:
    """Run them.

    Args:
        selection: what dbt shall select; nothing: all of them.

    Returns:
        dbt's exit code.
    """
    project = load_project(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory(prefix="activity-score-") as scratch:
        warehouse = Warehouse(Path(scratch))
        warehouse.work.mkdir()
        with connect(warehouse.work_database) as connection:
            create_raw_tables(connection, [*declared_tables(project), *resting_tables(project)])
        env = dbt.environment(warehouse, date(2026, 1, 31), datetime(2026, 2, 1, tzinfo=UTC))
        dbt_logged = [dbt.PROGRAM, "--log-path", str(warehouse.log)]
        folders = ["--project-dir", str(project.root), "--profiles-dir", str(project.root)]
        folders += ["--target-path", str(warehouse.target)]
        empty = [*dbt_logged, "--quiet", "build", "--empty", "--exclude-resource-type", "unit_test", "test", *folders]
        tests = [*dbt_logged, "test", "--resource-type", "unit_test", *folders]
        if selection:
            tests += ["--select", *selection]
        return subprocess.call(empty, env=env, cwd=warehouse.work) or subprocess.call(
            tests, env=env, cwd=warehouse.work
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
