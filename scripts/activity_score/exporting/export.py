"""Writes an export: the chosen rows of a published build in the chosen formats, and a manifest that describes them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from activity_score import __version__
from activity_score.choose_build import newest_build_as_of
from activity_score.errors import UserError
from activity_score.exporting import masking
from activity_score.exporting.changes import changed_rows
from activity_score.exporting.crm import crm_datasets
from activity_score.exporting.datasets import (
    MEMBERS,
    ROUTES,
    Dataset,
    Side,
    mart_dataset,
    routes_dataset,
    segment_dataset,
    segments_of,
)
from activity_score.exporting.files import checksum, write_file
from activity_score.exporting.folder import replace_files
from activity_score.progress import Progress
from activity_score.project import Warehouse
from activity_score.publish import MANIFEST, Build
from activity_score.sandbox import Limits, run_select
from activity_score.sources import literal

NOW, THEN = "published", "earlier"  # the names under which the builds are attached
WORK = "work"  # scratch inside the draft, removed before the files are shown
ROWS = "export_rows"


@dataclass(frozen=True)
class Query:
    """An analyst's select.

    Attributes:
        name: what to call it in errors, its file.
        sql: the select.
    """

    name: str
    sql: str


@dataclass(frozen=True)
class Request:
    """What to export.

    Attributes:
        segments: by name; with nothing else asked for, none means all that may be exported, and the routes.
        marts: published marts, as they are.
        queries: selects, run in the sandbox.
        crm: `hubspot` or `salesforce`: accounts in its shape; then `segments` says which accounts.
        formats: of `csv`, `parquet`, `jsonl`, `xlsx`.
        changes_since: only what changed since the build of that day.
        mask: whether names and addresses of people are masked.
        tenant: only rows of this tenant.
        limits: of the queries.
    """

    segments: Sequence[str] = ()
    marts: Sequence[str] = ()
    queries: Sequence[Query] = ()
    crm: str | None = None
    formats: Sequence[str] = ("csv",)
    changes_since: date | None = None
    mask: bool = False
    tenant: str | None = None
    limits: Limits = field(default_factory=Limits)


def export(warehouse: Warehouse, build: Build, request: Request, out: Path, quiet: bool = False) -> dict[str, Any]:
    """Write an export into a folder, whole or not at all.

    Args:
        warehouse: the warehouse directory.
        build: the build to export.
        request: what of it.
        out: the folder.
        quiet: show no progress.

    Returns:
        The manifest, as written to `manifest.json`.

    Raises:
        UserError: something asked for does not exist or is not allowed; the folder is left as it was.
    """
    earlier = newest_build_as_of(warehouse, request.changes_since) if request.changes_since else None
    salt = masking.read_salt(warehouse) if request.mask else None
    manifest: dict[str, Any] = {}

    def write(draft: Path) -> list[str]:
        work = draft / WORK
        work.mkdir(mode=0o700)  # what is to be masked may be spilled here
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"set temp_directory = {literal(str(work / 'spill'))}")
            if salt:
                masking.set_salt(connection, salt)
            writer = _Writer(connection, request, draft)
            writer.attach(NOW, build)
            if earlier:
                writer.attach(THEN, earlier)
            datasets = writer.datasets()
            with Progress(quiet).step("export", f"Export {build.id}"):
                for dataset in datasets:
                    writer.write(dataset)
        shutil.rmtree(work)
        manifest.update(_manifest(build, earlier, request, writer.files))
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        return [*(file["file"] for file in writer.files), MANIFEST]

    replace_files(out, write)
    return manifest


class _Writer:
    """Writes dataset after dataset into a folder, and notes what it wrote."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, request: Request, folder: Path) -> None:
        self.connection, self.request, self.folder = connection, request, folder
        self.files: list[dict[str, Any]] = []
        self.builds: dict[str, Build] = {}

    def attach(self, catalog: str, build: Build) -> None:
        """Open a build for reading."""
        self.connection.execute(f"attach {literal(str(build.marts.resolve()))} as {catalog} (read_only)")
        self.builds[catalog] = build

    def side(self, catalog: str) -> Side:
        """A build as the datasets see it."""
        return Side(self.connection, catalog, self.request.tenant)

    def datasets(self) -> list[Dataset]:
        """What was asked for.

        Raises:
            UserError: it does not exist, or two things would have one name.
        """
        request, side = self.request, self.side(NOW)
        if request.tenant is not None and request.tenant not in side.tenants():
            raise UserError(f"--tenant {request.tenant}: no such tenant; there are {', '.join(side.tenants())}")
        segments = segments_of(side)
        exportable = [name for name, is_exported in segments.items() if is_exported]
        routes = [ROUTES] if side.columns(ROUTES) else []
        chosen = list(dict.fromkeys(request.segments))
        for name in chosen:
            if name not in [*segments, *routes]:
                known = ", ".join([*segments, *routes]) or "none"
                raise UserError(f"{name}: no such segment; there are {known} (for a published mart: --mart NAME)")
        if not (chosen or request.marts or request.queries or request.crm):
            chosen = [*exportable, *routes]
            if not chosen:
                raise UserError(
                    f"{self.builds[NOW].path}: has no segments to export; name a mart, as in --mart accounts"
                )
        if any(name != ROUTES for name in chosen) and not side.columns(MEMBERS):
            raise UserError(f"{self.builds[NOW].path}: has no table {MEMBERS}; build again, or name a mart with --mart")
        if request.crm:
            found = crm_datasets(request.crm, chosen, exportable)
        else:
            found = [routes_dataset() if name == ROUTES else segment_dataset(name) for name in chosen]
        found += [mart_dataset(mart) for mart in dict.fromkeys(request.marts)]
        found += [self._query_dataset(query) for query in request.queries]
        names = [dataset.name.lower() for dataset in found]
        for name in names:
            if names.count(name) > 1:
                raise UserError(f"{name}: asked for twice, and would be one file; leave out one, or rename the query")
        return found

    def write(self, dataset: Dataset) -> None:
        """Write one dataset in each format."""
        select, name, order = dataset.select(self.side(NOW)), dataset.name, dataset.order
        if THEN in self.builds:
            then = dataset.select(self.side(THEN))
            select = changed_rows(self.connection, select, then, dataset.key, dataset.ignored)
            name = f"{name}_changes"
            if dataset.is_upsert:  # a CRM is sent rows again; there is no row that takes one away
                select = f"select * exclude (change) from ({select}) where change <> 'removed'"
            else:
                order = f"change, {order}" if order and order != "all" else "all"
        # Ordered before it is masked: the order may be by what the mask hides.
        ordered = f"select * from ({select})" + (f" order by {order}" if order else "")
        self.connection.execute(f"create or replace temp table {ROWS} as {ordered}")
        if self.request.mask:
            masked = masking.masked(self.connection, f"select * from {ROWS}", dataset.are_marts_columns)
            self.connection.execute(f"create or replace temp table {ROWS} as {masked}")
        described = self.connection.execute(f"describe {ROWS}").fetchall()
        rows = self.connection.execute(f"select count(*) from {ROWS}").fetchone()[0]
        for form in dataset.formats or self.request.formats:
            file = self.folder / f"{name}.{form}"
            write_file(self.connection, ROWS, file, form, name)
            self.files.append(
                {
                    "file": file.name,
                    **dataset.origin,
                    "format": form,
                    "rows": rows,
                    "bytes": file.stat().st_size,
                    "sha256": checksum(file),
                    "columns": [{"name": column, "type": kind} for column, kind, *_ in described],
                }
            )

    def _query_dataset(self, query: Query) -> Dataset:
        if self.request.tenant is not None:
            raise UserError("--tenant: a query says itself which tenant it means; leave out --tenant, or --sql")
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", Path(query.name).stem).strip("_") or "query"

        def select(side: Side) -> str:
            database = self.builds[side.catalog].marts
            if self.request.mask:
                database = self.folder / WORK / f"{side.catalog}_{stem}.duckdb"
                masking.write_masked_marts(self.connection, side.catalog, query.sql, database)
            spool = self.folder / WORK / f"{side.catalog}_{stem}.jsonl"
            result = run_select(database, query.sql, query.name, self.request.limits, spool)
            table = f"{side.catalog}_{stem}"
            result.load(self.connection, table)
            spool.unlink()
            return f'select * from "{table}"'

        return Dataset(stem, {"query": stem}, select, order="", are_marts_columns=False)


def _manifest(build: Build, earlier: Build | None, request: Request, files: list[dict[str, Any]]) -> dict[str, Any]:
    """What was written, and from what; nothing of the moment or the machine: the same export has the same manifest."""
    manifest = {
        "written_by": f"activity-score {__version__}",
        "build_id": build.id,
        "as_of_date": build.manifest.get("as_of_date"),
        "model_version": "; ".join(build.manifest.get("model_versions") or []),
    }
    if earlier:
        manifest["changes_since"] = {
            "date": str(request.changes_since),
            "build_id": earlier.id,
            "as_of_date": earlier.manifest.get("as_of_date"),
        }
    if request.tenant is not None:
        manifest["tenant"] = request.tenant
    return manifest | {"masked": request.mask, "files": files}
