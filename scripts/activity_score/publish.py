"""Publishes a build that passed its tests, in one step: readers see the old build or the new one, never a mixture.

The marts are checked, moved into `builds/<id>.tmp`, described by a manifest, and renamed to `builds/<id>`; then the
symlink `current` is swapped. A published file is never written again. One that has been mostly empty for two weeks is
compacted before.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from activity_score.compact import compact, is_mostly_empty
from activity_score.errors import UserError
from activity_score.project import Warehouse
from activity_score.sources import literal, quote

MARTS = "marts.duckdb"
MANIFEST = "manifest.json"
NEWEST_STORAGE = 68  # what DuckDB 1.5 reads
CHECK_MEMORY = "1GB"
# For some days after a month's end what arrives late moves the threshold again: that takes the room once more.
PATIENCE = timedelta(days=14)
_DECODING = {"VARCHAR": "sum(strlen({}))", "DOUBLE": "sum({})"}
_BUILD_ID = re.compile(r"^(\d{4}-\d{2}-\d{2})_(\d{8}T\d{6}Z)(?:-(\d+))?$")


@dataclass(frozen=True)
class Build:
    """A published build.

    Attributes:
        path: its folder.
        manifest: what `manifest.json` says.
    """

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """The build's name: the as-of date and the moment of publication."""
        return self.path.name

    @property
    def marts(self) -> Path:
        """The published file."""
        return self.path / MARTS


def published_builds(warehouse: Warehouse) -> list[Build]:
    """All published builds, in the order in which they were published.

    Args:
        warehouse: the warehouse directory.
    """
    folders = sorted(warehouse.builds.iterdir()) if warehouse.builds.is_dir() else []
    named = [(_BUILD_ID.match(folder.name), folder) for folder in folders]
    order = sorted((match[2], int(match[3] or 1), folder) for match, folder in named if match)
    return [Build(folder, _manifest(folder)) for _, _, folder in order if (folder / MARTS).is_file()]


def current_build(warehouse: Warehouse) -> Build | None:
    """The build that readers see, if there is one.

    Args:
        warehouse: the warehouse directory.
    """
    folder = warehouse.current.resolve()
    return Build(folder, _manifest(folder)) if (folder / MARTS).is_file() else None


def publish(
    warehouse: Warehouse,
    as_of: date,
    published_at: datetime,
    manifest: dict[str, Any],
    *,
    becomes_current: bool = True,
    again: Build | None = None,
) -> Build:
    """Publish the marts of the working folder, or those of an earlier build once more.

    Args:
        warehouse: the warehouse directory; the caller holds its lock.
        as_of: the scored day.
        published_at: the moment of publication, UTC.
        manifest: what else to write into the manifest.
        becomes_current: whether readers shall see it.
        again: the build to publish once more; the working folder is not looked at.

    Returns:
        The new build.

    Raises:
        UserError: the file is not fit to be published; readers keep what they have.
    """
    if again:
        tables, versions = again.manifest["tables"], again.manifest["model_versions"]
        empty_since = again.manifest.get("mostly_empty_since")
    else:
        tables, versions = _checked_marts(warehouse.work_marts)
        empty_since = _mostly_empty_since(warehouse, as_of)
        is_due = empty_since and as_of - date.fromisoformat(empty_since) >= PATIENCE
        if is_due and compact(warehouse.work_marts):
            tables, versions = _checked_marts(warehouse.work_marts)
            empty_since = None
    warehouse.builds.mkdir(parents=True, exist_ok=True)
    for leftover in warehouse.builds.glob("*.tmp"):
        shutil.rmtree(leftover)
    folder = _free_folder(warehouse, as_of, published_at)
    draft = folder.with_name(folder.name + ".tmp")
    draft.mkdir()
    if again:
        _share(again.marts, draft / MARTS)
    else:
        os.replace(warehouse.work_marts, draft / MARTS)
    content = {
        "build_id": folder.name,
        "as_of_date": as_of.isoformat(),
        "published_at": published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "model_versions": versions,
        "tables": tables,
        **({"mostly_empty_since": empty_since} if empty_since else {}),
        **manifest,
    }
    (draft / MANIFEST).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for file in (draft / MARTS, draft / MANIFEST):
        file.chmod(0o444)
        _sync(file)
    _sync(draft)
    os.rename(draft, folder)
    _sync(warehouse.builds)
    if becomes_current:
        point_current(warehouse, folder)
    return Build(folder, content)


def _checked_marts(file: Path) -> tuple[dict[str, int], list[str]]:
    try:
        return check_marts(file)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{file}: cannot be read back ({reason}); build again") from error


def _mostly_empty_since(warehouse: Warehouse, as_of: date) -> str | None:
    """The day since which the marts have had much free room, ISO 8601; None if they have not."""
    if not is_mostly_empty(warehouse.work_marts):
        return None
    builds = published_builds(warehouse)
    known = builds[-1].manifest.get("mostly_empty_since") if builds else None
    return known or as_of.isoformat()


def _share(published: Path, file: Path) -> None:
    """Give a published file a second name, as nobody writes to it any more; a copy where the disk knows no links."""
    try:
        os.link(published, file)
    except OSError:
        shutil.copyfile(published, file)


def check_marts(file: Path) -> tuple[dict[str, int], list[str]]:
    """Close the marts properly, open them again, and read every table from end to end.

    Args:
        file: the marts as dbt left them.

    Returns:
        The number of rows per table, and the model versions the accounts were scored under.

    Raises:
        UserError: the file has an open write-ahead log, holds views, or DuckDB 1.5 could not read it.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(file))} as published; checkpoint published; detach published")
    if file.with_name(file.name + ".wal").exists():
        raise UserError(f"{file}: still has a write-ahead log, some program has it open; close it and build again")
    storage = storage_version(file)
    if storage > NEWEST_STORAGE:
        raise UserError(f"{file}: has storage version {storage}, DuckDB 1.5 reads {NEWEST_STORAGE}; see profiles.yml")
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(file))} as published (read_only)")
        found = connection.execute(
            "select table_name, table_type from information_schema.tables"
            " where table_catalog = 'published' and table_schema = 'marts' order by table_name"
        ).fetchall()
        views = [name for name, kind in found if kind != "BASE TABLE"]
        if views or not found:
            what = f"{views[0]} is a view" if views else "there are no tables in the schema marts"
            raise UserError(f"{file}: {what}; materialize the marts as tables")
        # Each block is wanted once: what is kept of them costs pages of memory, and those cost as much as the decoding.
        connection.execute(f"set memory_limit = '{CHECK_MEMORY}'")
        rows = {name: _read_from_end_to_end(connection, name) for name, _ in found}
        query = "select distinct model_version from published.marts.accounts order by 1"
        versions = connection.execute(query).fetchall() if "accounts" in rows else []
    return rows, [version for (version,) in versions]


def _read_from_end_to_end(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Decode every value of a mart; its number of rows.

    The cheapest that DuckDB cannot answer from its statistics: what it does to a text or a date, it does once for each
    of a block's different ones, and a hash of whole rows would put each of them together first.
    """
    # No parameters: for those DuckDB's binding imports pandas, a third of a second.
    columns = connection.execute(f"describe published.marts.{quote(name)}").fetchall()
    scans = [_DECODING.get(kind, "bit_xor(hash({}))").format(quote(column)) for column, kind, *_ in columns]
    scan = f"select count(*), {', '.join(scans)} from published.marts.{quote(name)}"
    return connection.execute(scan).fetchone()[0]


def storage_version(file: Path) -> int:
    """The storage version of a DuckDB file, from its header.

    Args:
        file: the file.
    """
    with file.open("rb") as stream:
        return struct.unpack("<Q", stream.read(20)[12:])[0]


def point_current(warehouse: Warehouse, folder: Path) -> None:
    """Swap the symlink `current` in one step.

    Args:
        warehouse: the warehouse directory.
        folder: the build that readers shall see.

    Raises:
        UserError: `current` is something else than a symlink.
    """
    if warehouse.current.exists() and not warehouse.current.is_symlink():
        raise UserError(f"{warehouse.current}: must be a symlink to a build; move what is there out of the way")
    link = warehouse.root / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / folder.name)
    os.replace(link, warehouse.current)
    _sync(warehouse.root)


def rollback(warehouse: Warehouse, build_id: str | None = None) -> Build:
    """Let readers see an earlier build again.

    Args:
        warehouse: the warehouse directory; the caller holds its lock.
        build_id: which build; default: the one published before the current one.

    Raises:
        UserError: there is no such build.
    """
    builds = published_builds(warehouse)
    ids = [build.id for build in builds]
    current = current_build(warehouse)
    if build_id is None:
        earlier = ids[: ids.index(current.id)] if current and current.id in ids else []
        if not earlier:
            raise UserError(f"{warehouse.builds}: no build before the current one; see `activity-score status`")
        build_id = earlier[-1]
    if build_id not in ids:
        raise UserError(f"{warehouse.builds}: there is no build {build_id!r}; there are {', '.join(ids) or 'none'}")
    build = builds[ids.index(build_id)]
    point_current(warehouse, build.path)
    return build


def prune(warehouse: Warehouse, keep: int) -> list[str]:
    """Remove the oldest builds, never the current one nor the newest.

    Args:
        warehouse: the warehouse directory; the caller holds its lock.
        keep: how many builds stay.

    Returns:
        The ids of the removed builds.
    """
    builds = published_builds(warehouse)
    current = current_build(warehouse)
    removed = [build for build in builds[: -max(keep, 1)] if current is None or build.id != current.id]
    for build in removed:
        shutil.rmtree(build.path)
    return [build.id for build in removed]


def _free_folder(warehouse: Warehouse, as_of: date, published_at: datetime) -> Path:
    name = f"{as_of.isoformat()}_{published_at.strftime('%Y%m%dT%H%M%SZ')}"
    folder, number = warehouse.builds / name, 1
    while folder.exists():
        number += 1
        folder = warehouse.builds / f"{name}-{number}"
    return folder


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
