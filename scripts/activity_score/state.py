"""What one build leaves to the next: its working database, and what it was made with.

The next build goes on from there if nothing but the data and the day has changed, and the day has not gone back. It
works on a copy, so that a build that fails or is killed leaves what was there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb
import yaml

from activity_score.arrivals import KnownFile
from activity_score.earlier_build import earlier_build
from activity_score.errors import UserError
from activity_score.project import Project, Warehouse
from activity_score.publish import published_builds
from activity_score.raw_tables import empty_table
from activity_score.sources import Table

# Seeds whose effect the models work out row by row, or in every build anew, as signals are; any other changed setting
# means a build from scratch.
TRACKED_SEEDS = (
    "bot_patterns",
    "developer_tags",
    "domain_aliases",
    "lifecycle_stages",
    "score_models",
    "shared_identifiers",
    "signal_activity_types",
    "signal_settings",
    "signals",
)
PROJECT_FILES = (
    ("macros", "**/*.sql"),
    ("seeds", "*.csv"),
    ("seeds", "*.yml"),
    ("models", "**/*.sql"),
    ("models", "**/*.yml"),
)
# What decides no score, but what else is published, and whether it is.
ASKED_ANEW = ("models/segments", "tests/dbt")
ENGINE_PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb")
COPIED_AT_ONCE = 1 << 30


@dataclass(frozen=True)
class State:
    """What the last build left.

    Attributes:
        as_of_date: the day it reached, ISO 8601.
        build_id: the build it published; the next one begins with a copy of its marts.
        made_with: a digest per setting or file that the working tables and views depend on.
        tracked_seeds: a digest per tracked seed, as it was loaded.
        inputs: a digest of all else that the build rests on, see `inputs`.
    """

    as_of_date: str
    build_id: str
    made_with: dict[str, str]
    tracked_seeds: dict[str, str]
    inputs: str


def ingredients(project: Project) -> dict[str, str]:
    """Digests of everything but the data and the day that decides what the working tables hold.

    Args:
        project: the dbt project and its vars.
    """
    files = sorted(_project_files(project.root))
    digests = {str(file.relative_to(project.root)): _digest(file.read_bytes()) for file in files}
    digests |= {f"var {name}": _digest(json.dumps(value).encode()) for name, value in project.vars.items()}
    own = yaml.safe_load((project.root / "dbt_project.yml").read_text(encoding="utf-8"))
    digests["dbt_project.yml"] = _digest(json.dumps({**own, "vars": None}, sort_keys=True).encode())
    return digests | {f"version of {name}": version(name) for name in ENGINE_PACKAGES}


def tracked_seeds(project: Project) -> dict[str, str]:
    """Digests of the tracked seeds, by name.

    Args:
        project: the dbt project.
    """
    files = (project.seeds / f"{name}.csv" for name in TRACKED_SEEDS)
    return {file.stem: _digest(file.read_bytes()) for file in files if file.is_file()}


def changed_seeds(warehouse: Warehouse, tracked: dict[str, str]) -> list[str]:
    """The tracked seeds that are not what the last build loaded; all others are, or it could not go on from there.

    Args:
        warehouse: the warehouse directory, with a state.
        tracked: the digests of the tracked seeds as they are now.
    """
    loaded = read_state(warehouse).tracked_seeds
    return sorted(name for name, digest in tracked.items() if loaded.get(name) != digest)


def inputs(
    project: Project, warehouse: Warehouse, as_of: date, tracked: dict[str, str], known: Sequence[KnownFile]
) -> str:
    """A digest of what a build rests on beside `ingredients`: with the same of both, it would publish the same again.

    Args:
        project: the dbt project, for its segments and data tests.
        warehouse: the warehouse directory.
        as_of: the day it is for.
        tracked: the digests of the tracked seeds.
        known: the raw files as they are now.
    """
    raw_files = sorted((file.system, file.table, file.label, file.digest) for file in known)
    own = sorted(file for folder in ASKED_ANEW for file in (project.root / folder).rglob("*") if file.is_file())
    own_files = [(str(file.relative_to(project.root)), _digest(file.read_bytes())) for file in own]
    week_before = earlier_build(published_builds(warehouse), as_of)
    content = [as_of.isoformat(), week_before and week_before.id, sorted(tracked.items()), own_files, raw_files]
    return _digest(json.dumps(content).encode())


def is_nothing_new(warehouse: Warehouse, now: str) -> bool:
    """Whether a build that goes on from the last one would publish what that one did.

    Args:
        warehouse: the warehouse directory, with a state.
        now: what `inputs` says.
    """
    state = read_state(warehouse)
    return state.inputs == now and published_builds(warehouse)[-1].id == state.build_id


def _project_files(root: Path) -> Iterator[Path]:
    for folder, pattern in PROJECT_FILES:
        for file in (root / folder).glob(pattern):
            is_tracked_seed = folder == "seeds" and file.stem in TRACKED_SEEDS
            is_test = file.stem.endswith("__unit_tests")
            # A segment is asked anew in every build: writing one is no reason to work out all scores again.
            is_segment = (root / "models" / "segments") in file.parents
            if not (is_tracked_seed or is_test or is_segment):
                yield file


def reason_to_start_over(warehouse: Warehouse, made_with: dict[str, str], as_of: date) -> str | None:
    """Why this build cannot go on from the last one; None if it can, an empty text if there is no last one.

    Args:
        warehouse: the warehouse directory.
        made_with: what this build is made with.
        as_of: the day it is for.
    """
    state = read_state(warehouse)
    if state is None:
        return ""
    changed = sorted(
        name for name in {*made_with, *state.made_with} if made_with.get(name) != state.made_with.get(name)
    )
    if changed:
        others = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"{changed[0]}{others} changed since the last build"
    if as_of < date.fromisoformat(state.as_of_date):
        return f"the last build reached {state.as_of_date}, a later day"
    if _marts_of(warehouse, state) is None:
        return f"the last build, {state.build_id}, is no longer there"
    return None


def read_state(warehouse: Warehouse) -> State | None:
    """What the last build left; None if it left nothing that can be used.

    Args:
        warehouse: the warehouse directory.
    """
    try:
        content = json.loads(warehouse.state_file.read_text(encoding="utf-8"))
        state = State(**content)
    except (OSError, ValueError, TypeError):
        return None
    return state if warehouse.state_database.is_file() else None


def take_up(warehouse: Warehouse) -> None:
    """Copy what the last build left into the working folder.

    Args:
        warehouse: the warehouse directory; its working folder is empty.

    Raises:
        UserError: the disk is full or not readable.
    """
    state = read_state(warehouse)
    marts = _marts_of(warehouse, state)
    try:
        _copy(warehouse.state_database, warehouse.work_database)
        _copy(marts, warehouse.work_marts)
    except OSError as error:
        raise UserError(f"{warehouse.work}: the last build cannot be copied ({error.strerror}); make room") from error


def leave(warehouse: Warehouse, state: State, tables: Sequence[Table]) -> None:
    """Keep the working database for the next build; it was published, so it is whole.

    Args:
        warehouse: the warehouse directory.
        state: what it reached, and what it was made with.
        tables: the declared raw tables; those that hold only what arrived are emptied.
    """
    with duckdb.connect(str(warehouse.work_database)) as connection:
        for table in tables:
            if table.is_append:
                empty_table(connection, table)
        connection.execute("checkpoint")
    warehouse.state.mkdir(exist_ok=True)
    # Without its description a state counts for nothing: removed first, written last.
    warehouse.state_file.unlink(missing_ok=True)
    os.replace(warehouse.work_database, warehouse.state_database)
    describe(warehouse, state)


def describe(warehouse: Warehouse, state: State) -> None:
    """Write what the kept database is; where nothing was new, that is all there is to leave.

    Args:
        warehouse: the warehouse directory, with a kept database.
        state: what it reached, and what it was made with.
    """
    draft = warehouse.state_file.with_suffix(".new")
    draft.write_text(json.dumps(asdict(state), indent=2) + "\n", "utf-8")
    os.replace(draft, warehouse.state_file)


def _copy(source: Path, target: Path) -> None:
    """Copy a file; where the disk lets two files share blocks (XFS, Btrfs), this copies nothing."""
    with source.open("rb") as given, target.open("wb") as taken, suppress(AttributeError, OSError):
        while os.copy_file_range(given.fileno(), taken.fileno(), COPIED_AT_ONCE):
            pass
    if target.stat().st_size != source.stat().st_size:  # not Linux, or not on this disk
        shutil.copyfile(source, target)


def _marts_of(warehouse: Warehouse, state: State) -> Path | None:
    return next((build.marts for build in published_builds(warehouse) if build.id == state.build_id), None)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
