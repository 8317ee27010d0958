"""Lends a new warehouse what dbt parsed for another one: parsing the whole project takes it several seconds.

dbt checks what it is lent: files that have changed are parsed again, and all of them if the profile, the vars or the
version of dbt are others. So the copy can be old, but never wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

from activity_score.project import Project, Warehouse, load_project

PARSED = "partial_parse.msgpack"


def lend(project: Project, target: Path) -> None:
    """Give a target folder that has none a copy of the parsed project, if there is one.

    Args:
        project: the dbt project, and the vars that the data directory overrides.
        target: dbt's target folder for the run to come.
    """
    shared = _shared_copy(project)
    if shared.is_file() and not (target / PARSED).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shared, target / PARSED)


def keep(project: Project, target: Path) -> None:
    """Keep a copy of what dbt parsed, unless the project's folder may not be written to.

    Args:
        project: the dbt project, and the vars that the data directory overrides.
        target: dbt's target folder of the run that has ended.
    """
    shared, parsed = _shared_copy(project), target / PARSED
    if not parsed.is_file() or (shared.is_file() and shared.stat().st_mtime >= parsed.stat().st_mtime):
        return
    half_done = shared.with_name(f"{shared.name}.{os.getpid()}")
    try:
        shared.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parsed, half_done)
        half_done.replace(shared)
    except OSError:
        half_done.unlink(missing_ok=True)


def _shared_copy(project: Project) -> Path:
    """One copy per set of vars: with others, dbt would parse everything again."""
    vars_in_force = json.dumps(project.overrides, sort_keys=True).encode()
    return project.root / "target" / "parsed" / f"{hashlib.sha256(vars_in_force).hexdigest()[:16]}.msgpack"


def parse(project: Project) -> int:
    """Let dbt parse the project once, for all warehouses to come: `python -m activity_score.parsed_project`.

    Args:
        project: the dbt project.

    Returns:
        dbt's exit code.
    """
    from activity_score import dbt

    with tempfile.TemporaryDirectory(prefix="activity-score-") as scratch:
        warehouse = Warehouse(Path(scratch))
        warehouse.work.mkdir()
        words = dbt.command(project, warehouse)
        build, others = words.index("build"), words.index("--exclude")
        of_program = words[words.index("--log-format") : build]
        words = [*dbt.PROGRAM, *of_program, "--quiet", "parse", *words[build + 1 : others]]
        env = dbt.environment(project, warehouse, date(2000, 1, 1), datetime(2000, 1, 1))
        code = subprocess.call(words, env=env, cwd=warehouse.work, stdout=subprocess.DEVNULL)
        keep(project, warehouse.target)
    return code


if __name__ == "__main__":
    sys.exit(parse(load_project()))
