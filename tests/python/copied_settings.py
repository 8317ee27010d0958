"""A copy of the project's settings to break, and what the check says to it."""

import csv
import shutil
from pathlib import Path

from activity_score.project import Project, load_project
from activity_score.settings import check_settings

ROOT = Path(__file__).resolve().parents[2]
REAL = load_project(ROOT)
SYSTEMS = sorted(folder.name for folder in (ROOT / "models" / "staging").iterdir() if folder.is_dir())
KNOWN = ", ".join(SYSTEMS)


def copy_settings(folder: Path) -> Project:
    """The seeds as shipped, with few of the 10,000 public suffixes."""
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    for system in SYSTEMS:
        (folder / "models" / "staging" / system).mkdir(parents=True)
    write(folder / "seeds" / "public_suffixes.csv", [["suffix", "rule"], ["com", "normal"]])
    write(
        folder / "seeds" / "score_models.csv",
        [
            [
                "tenant_id",
                "model_version",
                "effective_from",
                "account_threshold",
                "developer_threshold",
                "owner",
                "reason",
            ],
            ["default", "2026-1", "2026-01-01", "500", "120", "RevOps", "calibrated"],
        ],
    )
    return Project(root=folder, vars=dict(REAL.vars))


def read(file):
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def lines(project):
    return [str(problem) for problem in check_settings(project)]


def set_cell(project, seed, key, column, value):
    """Change one cell of the first row that begins with the key; return the row's number."""
    file = project.seeds / f"{seed}.csv"
    rows = read(file)
    number = next(number for number, row in enumerate(rows) if row[: len(key)] == key)
    rows[number][rows[0].index(column)] = value
    write(file, rows)
    return number + 1


def add_row(project, seed, row):
    file = project.seeds / f"{seed}.csv"
    rows = [*read(file), row]
    write(file, rows)
    return len(rows)
