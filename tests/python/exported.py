"""An export read back, and what it is compared with."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import duckdb
import openpyxl

from activity_score.exporting.folder import STORE
from activity_score.project import Warehouse

ALL_FORMATS = "csv,parquet,jsonl,xlsx"


class Exported:
    """An export, read back."""

    def __init__(self, out: Path, code: int, err: str, printed: str) -> None:
        self.out, self.code, self.err, self.printed = out, code, err, printed
        file = out / "manifest.json"
        self.manifest = json.loads(file.read_text()) if file.is_file() else {}

    def names(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir() if path.name != STORE)

    def csv(self, name: str) -> list[dict[str, str]]:
        with (self.out / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))

    def parquet(self, name: str) -> list[tuple]:
        with duckdb.connect() as connection:
            return connection.execute(f"from '{self.out / name}.parquet'").fetchall()

    def sheet(self, name: str):
        return openpyxl.load_workbook(self.out / f"{name}.xlsx").active

    def bytes(self) -> dict[str, str]:
        return {name: hashlib.sha256((self.out / name).read_bytes()).hexdigest() for name in self.names()}


def published(warehouse: Warehouse, sql: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.current.resolve()}/marts.duckdb' as published (read_only)")
        connection.execute("use published.marts")
        return connection.execute(sql).fetchall()


def columns(warehouse: Warehouse, mart: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in published(warehouse, f"describe {mart}")]


def readable_bytes(out: Path) -> dict[str, str]:
    """The files that a reader can open."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir() if path.is_file()}
