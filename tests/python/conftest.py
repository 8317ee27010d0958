"""What the tests share: builds, many worlds in one, since a run of dbt takes its seconds; and places to work in."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import explained_world_published
import hypothesis
import identity_graphs
import numpy as np
import pytest
from copied_settings import copy_settings
from exported import Exported
from harness import ROOT, Project, Rows, Tables
from published_by_hand import write_two_builds
from reference import Settings, score_rows
from shop import Shop
from stand_in_dbt import Here, set_up
from world_corners import corners, many_partners
from world_pairs import pairs
from worlds import AS_OF, World, feed_of, random_worlds, seeds_of
from worlds_by_hand import STEADY_SOURCES, STEADY_TYPES, SURGES, patched, worked_example

from activity_score import cli
from activity_score.project import Warehouse

# A slow machine is no fault of the code.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

LONGEST = ("test_replay.py", "test_systems.py", "test_identity_replay.py", "test_laws.py", "test_retention.py")
LATER = AS_OF + timedelta(days=21)
OTHER_LIMIT = 6  # of partners of an identifier
OTHER_AS_OF = AS_OF  # the worlds made by hand speak of this day


@dataclass
class Built:
    """What the warehouse published, and what the reference says to the same feed and settings."""

    tables: Tables
    feed: dict[str, Rows]
    settings: Settings
    expected: dict[str, Rows]
    worlds: list[World]


@pytest.fixture(scope="session")
def activity_types() -> list[str]:
    """The types of the project's own seed."""
    return sorted(Settings.read(ROOT / "seeds").by_type)


@pytest.fixture(scope="session")
def law_pairs(activity_types):
    """Pairs of worlds, by law."""
    return pairs(activity_types)


@pytest.fixture(scope="session")
def main_project(tmp_path_factory, activity_types, law_pairs):
    """The project's own settings, and most worlds."""
    worlds = [*random_worlds(activity_types, 0, 24), worked_example(), *corners(), *identity_graphs.graphs()]
    of_laws = {world.tenant_id: world for found in law_pairs.values() for pair in found for world in pair}
    worlds += of_laws.values()
    project = Project(tmp_path_factory.mktemp("main"), seeds_of(worlds))
    return project, worlds


@pytest.fixture(scope="session")
def main(main_project) -> Built:
    """As of AS_OF, in a warehouse that had a build the day before, when three records in ten had not arrived."""
    project, worlds = main_project
    feed = feed_of(worlds)
    random = np.random.default_rng(11)
    arrived = [row for row in feed["activities"] if random.random() < 0.7]
    project.write({**feed, "activities": arrived[::-1]})
    project.build(AS_OF - timedelta(days=1))
    project.write(feed, contacts="jsonl")
    tables = project.build(AS_OF)
    settings = project.settings()
    return Built(tables, feed, settings, score_rows(feed, settings, AS_OF), worlds)


@pytest.fixture(scope="session")
def later(main, main_project) -> Built:
    """The same warehouse and feed, three weeks on."""
    tables = main_project[0].build(LATER)
    return Built(tables, main.feed, main.settings, score_rows(main.feed, main.settings, LATER), main.worlds)


@pytest.fixture(scope="session")
def again(later, main_project) -> Tables:
    """The same warehouse and feed, back at the first as-of day."""
    return main_project[0].build(AS_OF)


@pytest.fixture(scope="session")
def other(tmp_path_factory, activity_types) -> Built:
    """Other settings in every seed that has numbers, and a feed of Parquet files."""
    own = Settings.read(ROOT / "seeds").seeds
    random = np.random.default_rng(13)
    worlds = [*random_worlds(activity_types, 300, 10, OTHER_AS_OF), *(world for world, _ in SURGES.values())]
    worlds.append(many_partners(OTHER_LIMIT))
    for world in worlds:
        if world.tenant_id in SURGES:
            world.tenant = {"points_per_active_developer": "0"}
    types = {
        name: {"weight": str(round(float(random.uniform(0, 12)), 3)), "daily_cap": str(random.integers(0, 6))}
        for name in activity_types
    }
    sources = {
        row["source"]: {
            "half_life_days": str(round(float(random.uniform(1, 40)), 2)),
            "max_threshold_share": str(round(float(random.uniform(0.05, 0.95)), 3)),
        }
        for row in own["sources"]
        if row["source"] != "active_developers"
    }
    seeds = {
        **seeds_of(worlds),
        "activity_types": patched(as_text(own["activity_types"]), "activity_type", types | STEADY_TYPES),
        "sources": patched(as_text(own["sources"]), "source", sources | STEADY_SOURCES),
        "scoring_profiles": patched(as_text(own["scoring_profiles"]), "profile", {"fast": {"window_days": "17"}}),
        "score_bands": patched(as_text(own["score_bands"]), "category", {"Medium": {"lower_bound": "17.5"}}),
    }
    project = Project(tmp_path_factory.mktemp("other"), seeds, {"max_identifier_links": OTHER_LIMIT})
    feed = feed_of(worlds)
    project.write(feed, activities="parquet", contacts="parquet")
    settings = project.settings()
    return Built(project.build(OTHER_AS_OF), feed, settings, score_rows(feed, settings, OTHER_AS_OF), worlds)


@pytest.fixture(scope="session")
def explained_world(tmp_path_factory) -> Path:
    """The published file of the small world of explained_world.py."""
    path = tmp_path_factory.mktemp("published") / "marts.duckdb"
    explained_world_published.write_marts(path)
    return path


@pytest.fixture(scope="session")
def two_builds(tmp_path_factory) -> Warehouse:
    """Two builds written by hand, a week apart: one account came, one left, one rose."""
    return write_two_builds(tmp_path_factory.mktemp("warehouse"))


@pytest.fixture
def queries(tmp_path, monkeypatch) -> Path:
    """The current folder, for queries; no variable of the environment is an option."""
    for name in [name for name in os.environ if name.startswith("ACTIVITY_SCORE_")]:
        monkeypatch.delenv(name)
    (tmp_path / "queries").mkdir()
    monkeypatch.chdir(tmp_path / "queries")
    return tmp_path / "queries"


@pytest.fixture
def export(two_builds, queries, tmp_path, capsys) -> Callable[..., Exported]:
    """Runs the command `export` on the two builds, or on the warehouse `root`."""

    def run_export(*words: str, out: str = "out", root: Path | None = None) -> Exported:
        with pytest.raises(SystemExit) as exit_:
            cli.main(["export", *words, "--warehouse", str(root or two_builds.root), "--out", str(tmp_path / out)])
        printed, err = capsys.readouterr()
        return Exported(tmp_path / out, exit_.value.code or 0, err, printed)

    return run_export


@pytest.fixture
def copied(tmp_path):
    """A copy of the project's settings, to break."""
    return copy_settings(tmp_path)


@pytest.fixture
def shop(tmp_path) -> Shop:
    """A data directory of one invented system."""
    return Shop(tmp_path)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Here:
    """A project in the current folder, in which a stand-in runs for dbt."""
    return set_up(tmp_path, monkeypatch)


def as_text(rows: Rows) -> Rows:
    """The rows of a seed as its file has them."""
    return [{column: as_cell(value) for column, value in row.items()} for row in rows]


def as_cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take minutes come first: of two processes, none shall wait for the other at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
