"""Who is one developer, day after day, as records come, are corrected and go: against a plain search through the graph.

Identifiers may have three partners only, so that with every delivery some may no longer link and others may again.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from harness import COLUMNS, Project, write_csv
from identity_graphs import KINDS, Row, node
from test_identity_property import developers_of
from worlds import World

FIRST_DAY = date(2026, 6, 1)
DAYS = 6
MAX_IDENTIFIER_LINKS = 3
WORLDS = 12


def some(random: np.random.Generator, size: int, most: int) -> Row:
    """One to `most` identifiers, of kinds of their own."""
    kinds = random.choice(4, int(random.integers(1, most + 1)), replace=False)
    return dict(node(int(kind), int(random.integers(size))) for kind in kinds)


class Deliveries:
    """What one tenant's records and contacts are on each day.

    Args:
        number: of the world, which is its tenant and its seed.
    """

    def __init__(self, number: int) -> None:
        self.tenant = f"graph{number}"
        self.random = np.random.default_rng([number, 77])
        self.size = int(self.random.integers(4, 25))
        self.parts: list[list[Row]] = []
        self.contacts: list[Row] = []

    def step(self, number: int) -> None:
        """Let a day pass: records come, one of them early; an older file is corrected; contacts come and go."""
        if self.parts and number % 2:
            part = int(self.random.integers(len(self.parts)))
            kept = [row for row in self.parts[part] if self.random.random() < 0.7]
            self.parts[part] = [
                {**row, **dict.fromkeys(KINDS, ""), **some(self.random, self.size, 3)}
                if self.random.random() < 0.1 else row
                for row in kept
            ]  # fmt: skip
        count = int(self.random.integers(1, 12)) if number else self.size
        self.parts.append([
            {
                "tenant_id": self.tenant, "activity_id": f"{number}-{row}", "activity_type": "github_star",
                "occurred_at": f"{FIRST_DAY + timedelta(days=number + (row == 0))}T10:00:00Z",
                "account_domain": "graph.example", **some(self.random, self.size, 3),
            }
            for row in range(count)
        ])  # fmt: skip
        gone = self.random.random(len(self.contacts)) < 0.2
        self.contacts = [row for row, is_gone in zip(self.contacts, gone, strict=True) if not is_gone]
        come = range(int(self.random.integers(0, 3)))
        self.contacts += [{"tenant_id": self.tenant, **some(self.random, self.size, 2)} for _ in come]

    def world(self, as_of: date) -> World:
        """What is known of the tenant on a day."""
        rows = [row for part in self.parts for row in part if row["occurred_at"][:10] <= str(as_of)]
        return World(self.tenant, rows, contacts=self.contacts)


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """By day what every world then was, and what the daily build published."""
    project = Project(tmp_path_factory.mktemp("identity"), vars={"max_identifier_links": MAX_IDENTIFIER_LINKS})
    worlds = [Deliveries(number) for number in range(WORLDS)]
    folder = project.data / "generic"
    (folder / "activities").mkdir(parents=True)
    found = []
    for number in range(DAYS):
        for world in worlds:
            world.step(number)
        for part in range(number + 1):
            rows = [row for world in worlds for row in world.parts[part]]
            write_csv(folder / "activities" / f"part-{part}.csv", COLUMNS["activities"], rows)
        contacts = [row for world in worlds for row in world.contacts]
        write_csv(folder / "contacts.csv", COLUMNS["contacts"], contacts)
        as_of = FIRST_DAY + timedelta(days=number)
        found.append(([world.world(as_of) for world in worlds], project.build(as_of)))
    history = (project.warehouse / "log" / "history.jsonl").read_text(encoding="utf-8")
    notes = [note for line in history.splitlines() for note in json.loads(line)["notes"]]
    assert not any("scratch" in note for note in notes), "every build must go on from the one before"
    return found


def test_each_day_has_the_connected_components_of_its_graph(days):
    for number, (worlds, tables) in enumerate(days):
        ledger = {(row["tenant_id"], row["activity_id"]): row["developer_id"] for row in tables.rows("activity_ledger")}
        for world in worlds:
            expected = developers_of(world, MAX_IDENTIFIER_LINKS)
            actual = {name: ledger[world.tenant_id, name] for name in expected}
            assert actual == expected, f"day {number}, {world.tenant_id}"


def test_people_merge_and_fall_apart_again(days):
    """Days on which nothing of that happens would prove nothing."""
    merged, fallen_apart = 0, 0
    for (before, _), (after, _) in pairwise(days):
        for one, other in zip(before, after, strict=True):
            was, now = (developers_of(world, MAX_IDENTIFIER_LINKS) for world in (one, other))
            pairs = [(was[name], now[name]) for name in was.keys() & now.keys()]
            merged += len({new for _, new in pairs}) < len({old for old, _ in pairs})
            fallen_apart += len({new for _, new in pairs}) > len({old for old, _ in pairs})
    assert min(merged, fallen_apart) >= 5, (merged, fallen_apart)
