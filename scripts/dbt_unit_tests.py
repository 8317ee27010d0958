"""Run dbt's unit tests on empty tables: they bring their own rows, and need of the warehouse only its columns.

    python scripts/dbt_unit_tests.py [SELECTION ...]

Builds every model empty in a scratch folder, so no data and no warehouse are needed. A selection is dbt's, such as
`test_name:one_jump_holds_for_seven_days` or the name of a model.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from activity_score import dbt, parsed_project
from activity_score.project import Project, Warehouse, load_project
from activity_score.raw_tables import connect, create_raw_tables
from activity_score.sources import declared_tables, every_system, resting_tables


def main(selection: list[str]) -> int:
    """Run them: those of the core under the sources switched on by default, those of the other systems with all on.

    Args:
        selection: what dbt shall select, with all systems on; nothing: all of them.

    Returns:
        dbt's exit code.
    """
    project = load_project(Path(__file__).resolve().parents[1])
    systems = every_system(project)
    everything = replace(project, vars={**project.vars, "sources": systems}, overrides={"sources": systems})
    if selection:
        return run(everything, selection)
    others = [f"staging.{system}" for system in systems if system not in project.sources]
    return run(project, []) or run(everything, others)


def run(project: Project, selection: list[str]) -> int:
    """Build every model empty in a scratch folder and run unit tests there.

    Args:
        project: the dbt project and the vars in force.
        selection: what dbt shall select; nothing: everything.

    Returns:
        dbt's exit code.
    """
    with tempfile.TemporaryDirectory(prefix="activity-score-") as scratch:
        warehouse = Warehouse(Path(scratch))
        warehouse.work.mkdir()
        with connect(warehouse.work_database) as connection:
            create_raw_tables(connection, [*declared_tables(project), *resting_tables(project)])
        env = dbt.environment(project, warehouse, date(2026, 1, 31), datetime(2026, 2, 1, tzinfo=UTC))
        dbt_logged = [*dbt.PROGRAM, "--log-path", str(warehouse.log)]
        options = ["--project-dir", str(project.root), "--profiles-dir", str(project.root)]
        options += ["--target-path", str(warehouse.target), "--vars", json.dumps(project.overrides)]
        empty = [*dbt_logged, "--quiet", "build", "--empty", "--exclude-resource-type", "unit_test", "test", *options]
        tests = [*dbt_logged, "test", "--resource-type", "unit_test", *options]
        if selection:
            tests += ["--select", *selection]
        parsed_project.lend(project, warehouse.target)
        code = subprocess.call(empty, env=env, cwd=warehouse.work)
        parsed_project.keep(project, warehouse.target)
        return code or subprocess.call(tests, env=env, cwd=warehouse.work)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
