"""Lint the SQL with every source system switched on: sqlfluff passes over models that are disabled.

    python scripts/lint_sql.py [PATH ...]

Without a path: all models and data tests. What is checked stands in `.sqlfluff`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from sqlfluff.cli.commands import cli

from activity_score.project import load_project
from activity_score.sources import every_system

# sqlfluff compiles the models in several processes at once: each wants a database of its own.
ENVIRONMENT = {
    "ACTIVITY_SCORE_WORK_DATABASE": ":memory:",
    "ACTIVITY_SCORE_MARTS_DATABASE": ":memory:",
    "DBT_TARGET_PATH": "target/lint",
}

# A parsed file is many small objects and next to no garbage: looking for it as often as Python does is a third of the
# work. Here, since sqlfluff's processes read this file too when they start.
gc.set_threshold(100_000, 50, 1000)


def main(paths: list[str]) -> NoReturn:
    """Run sqlfluff, which ends this process.

    Args:
        paths: files and folders to lint; none: all models and data tests.

    Raises:
        SystemExit: always, with sqlfluff's exit code.
    """
    project = load_project(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory(prefix="activity-score-") as scratch:
        config = Path(scratch) / "pyproject.toml"  # the one name under which sqlfluff reads lists
        systems = json.dumps(every_system(project))  # a list of names is the same in JSON and TOML
        config.write_text(f"[tool.sqlfluff.templater.dbt.context]\nsources = {systems}\n", encoding="utf-8")
        os.environ.update(ENVIRONMENT)
        os.chdir(project.root)
        words = ["lint", "--disable-progress-bar", "--config", str(config), *(paths or ["models", "tests/dbt"])]
        cli.main(words)


if __name__ == "__main__":
    main(sys.argv[1:])
