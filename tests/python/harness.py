"""Builds worlds with the real command, and compares its tables with others."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from reference import Settings

from activity_score import dbt

ROOT = Path(__file__).parents[2]
PROJECT = (
    "dbt_project.yml", "profiles.yml", "selectors.yml", "models", "macros", "seeds", "analyses", "tests/dbt",
)  # fmt: skip
COLUMNS = {
    "activities": (
        "tenant_id", "activity_id", "occurred_at", "activity_type", "email", "github_login", "user_id", "anonymous_id",
        "account_domain", "is_bot", "count", "loaded_at",
    ),
    "contacts": (
        "tenant_id", "email", "github_login", "user_id", "anonymous_id", "full_name", "job_title", "account_domain",
        "developer_tags", "opted_out", "valid_from",
    ),
    "accounts": ("tenant_id", "account_domain", "account_name", "other_domains"),
}  # fmt: skip
Rows = list[dict[str, Any]]


def run_dbt(
    words: Sequence[str], env: dict[str, str], target: Path, on_progress: Callable[[int, int, str], None]
) -> dbt.DbtResult:
    """Start dbt and let it run at once."""
    with dbt.starting(words, env, target) as run_now:
        return run_now(on_progress)


@dataclass
class Project:
    """A copy of the dbt project with seeds of its own, and a data and a warehouse directory.

    Args:
        folder: an empty folder for all of it.
        seeds: rows that replace those of a seed, by the seed's name.
        vars: vars of dbt that the data directory overrides.
    """

    folder: Path
    seeds: dict[str, Rows] = field(default_factory=dict)
    vars: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root, self.data, self.warehouse = (self.folder / name for name in ("project", "data", "warehouse"))
        self.root.mkdir(parents=True)
        self.data.mkdir()
        for name in PROJECT:
            if (ROOT / name).is_dir():
                # A build runs no unit tests, and dbt takes its seconds to parse them.
                shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("_*__unit_tests.yml"))
            elif (ROOT / name).is_file():
                shutil.copy(ROOT / name, self.root / name)
        self.write_seeds(self.seeds)
        if self.vars:
            (self.data / "vars.yml").write_text(json.dumps(self.vars), encoding="utf-8")  # JSON is YAML

    def write_seeds(self, seeds: dict[str, Rows]) -> None:
        """Replace all rows of some seeds."""
        for name, rows in seeds.items():
            file = self.root / "seeds" / f"{name}.csv"
            with file.open(newline="", encoding="utf-8") as lines:
                header = next(csv.reader(lines))
            write_csv(file, header, rows)

    def change_seed(self, name: str, key: str, value: str, **values: str) -> None:
        """Change values in the row of a seed whose column `key` says `value`."""
        with (self.root / "seeds" / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            row.update(values if row[key] == value else {})
        self.write_seeds({name: rows})

    def settings(self) -> Settings:
        """The same settings for the reference."""
        return Settings.read(self.root / "seeds", **self.vars)

    def write(self, feed: dict[str, Rows], **forms: str) -> None:
        """Write the generic feed as files: `csv` (default), `jsonl` or (typed) `parquet`, by table."""
        folder = self.data / "generic"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, rows in feed.items():
            write_table(folder / f"{name}.{forms.get(name, 'csv')}", COLUMNS[name], rows)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `activity-score` in the project."""
        program = Path(sys.executable).with_name("activity-score")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ACTIVITY_SCORE_")}
        return subprocess.run(
            [str(program), *words], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )

    def build(self, as_of: date) -> Tables:
        """Run the real build, and read what it published."""
        done = self.command(
            "build", "--data-dir", str(self.data), "--warehouse", str(self.warehouse), "--as-of", str(as_of)
        )
        assert done.returncode == 0, f"build ended with {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return Tables(self.warehouse / "current" / "marts.duckdb")


class Tables:
    """A published build, read once: later builds may remove its file.

    Args:
        file: the published file.
    """

    def __init__(self, file: Path) -> None:
        self.tables: dict[str, Rows] = {}
        with duckdb.connect() as database:
            database.execute(f"attach '{file}' as published (read_only)")
            found = database.execute("select table_name from information_schema.tables where table_schema = 'marts'")
            for (name,) in found.fetchall():
                rows = database.execute(f'select * from published.marts."{name}"')
                columns = [column[0] for column in rows.description]
                self.tables[name] = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]

    def names(self) -> list[str]:
        """The published tables."""
        return sorted(self.tables)

    def rows(self, table: str) -> Rows:
        """A published table as rows."""
        return self.tables[table]


def write_csv(file: Path, columns: Sequence[str], rows: Rows) -> None:
    """Write rows as CSV; a missing value is an empty text."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def write_table(file: Path, columns: Sequence[str], rows: Rows) -> None:
    """Write rows (of text) in the form that the file's name says."""
    if file.suffix == ".csv":
        write_csv(file, columns, rows)
    elif file.suffix == ".jsonl":
        found = ({key: value for key, value in row.items() if value != ""} for row in rows)
        file.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    else:
        cells = [[row.get(column) or None for column in columns] for row in rows]
        frame = pd.DataFrame(cells, columns=list(columns))
        with duckdb.connect() as database:
            database.register("frame", frame.astype("string"))
            typed = {"is_bot": "boolean", "opted_out": "boolean", "valid_from": "date", "loaded_at": "timestamp"}
            names = ", ".join(f'cast("{name}" as {typed.get(name, "varchar")}) as "{name}"' for name in columns)
            database.execute(f"copy (select {names} from frame) to '{file}' (format parquet)")


def same(one: Any, other: Any) -> bool:
    """Equal; numbers to 1e-9 of their size, decimals and all else exactly."""
    if one is None or other is None:
        return one is None and other is None
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        return Decimal(one) == Decimal(other)
    return one == other


def differences(expected: Rows, actual: Rows, key: Sequence[str], columns: Iterable[str], most: int = 12) -> list[str]:
    """What differs between two tables, as lines to read: rows that only one has, and values.

    Args:
        expected, actual: the tables.
        key: the columns that name a row.
        columns: the columns to compare.
        most: how many lines at most; then how many there are in all.
    """
    columns = list(columns)
    left = {tuple(row[column] for column in key): row for row in expected}
    right = {tuple(row[column] for column in key): row for row in actual}
    assert len(left) == len(expected), f"{key} is no key of the expected rows"
    found = [] if len(right) == len(actual) else [f"{len(actual) - len(right)} rows repeat a key"]
    found += [f"missing: {name} {values(left[name], columns)}" for name in left if name not in right]
    found += [f"not expected: {name} {values(right[name], columns)}" for name in right if name not in left]
    for name, row in left.items():
        for column in columns if name in right else ():
            if not same(row[column], right[name][column]):
                found.append(f"{name} {column}: expected {row[column]!r}, found {right[name][column]!r}")
    return found if len(found) <= most else [*found[:most], f"... {len(found)} in all"]


def assert_none(found: list[str]) -> None:
    """Fail with the differences, one a line."""
    if found:
        raise AssertionError("\n".join(["they differ", *found]))


def values(row: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """Some columns of a row."""
    return {column: row[column] for column in columns}
