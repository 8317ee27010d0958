"""Who is one developer, on graphs made to be hard: against a plain search through the graph."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import pytest
from identity_graphs import KINDS, graphs
from worlds import World

MAX_IDENTIFIER_LINKS = 100  # the project's default


Node = tuple[str, str]


def nodes_of(row: dict) -> list[Node]:
    return [(kind, row[kind]) for kind in KINDS if row.get(kind)]


def neighbours_of(world: World) -> dict[Node, set[Node]]:
    """By identifier the others it was seen together with."""
    neighbours: dict[Node, set[Node]] = defaultdict(set)
    for row in world.activities + world.contacts:
        for one in nodes_of(row):
            neighbours[one] |= set(nodes_of(row)) - {one}
    return neighbours


def smallest_reached(neighbours: dict[Node, set[Node]], linking: set[Node]) -> dict[Node, Node]:
    """By identifier the smallest one that can be reached from it over identifiers that link, by walking."""
    smallest: dict[Node, Node] = {}
    for start in sorted(neighbours, key=lambda one: (KINDS.index(one[0]), one[1])):
        waiting = [start]
        while waiting:
            one = waiting.pop()
            if one not in smallest:
                smallest[one] = start
                waiting += [other for other in neighbours[one] if {one, other} <= linking]
    return smallest


def developers_of(world: World, max_links: int) -> dict[str, str]:
    """By activity whose it is: the md5 of the developer's name.

    Args:
        world: one tenant's activities and contacts.
        max_links: how many partners an identifier that links may have.
    """
    neighbours = neighbours_of(world)
    linking = {one for one, others in neighbours.items() if len(others) <= max_links}
    smallest = smallest_reached(neighbours, linking)
    found = {}
    for row in world.activities:
        seen = nodes_of(row)
        name = ":".join(smallest[next((one for one in seen if one in linking), seen[0])])
        found[row["activity_id"]] = hashlib.md5(f"{world.tenant_id}|{name}".encode()).hexdigest()
    return found


@pytest.mark.parametrize("world", graphs(), ids=lambda world: world.tenant_id)
def test_developers_are_the_connected_components(main, world):
    actual = {
        row["activity_id"]: row["developer_id"]
        for row in main.tables.rows("activity_ledger")
        if row["tenant_id"] == world.tenant_id
    }
    assert actual == developers_of(world, MAX_IDENTIFIER_LINKS)


def test_graphs_are_hard_enough():
    """A chain is one person, a browser with too many users is nobody, and random graphs fall into several pieces."""
    counts = {}
    for world in graphs():
        neighbours = neighbours_of(world)
        linking = {one for one, others in neighbours.items() if len(others) <= MAX_IDENTIFIER_LINKS}
        counts[world.tenant_id] = len(set(smallest_reached(neighbours, linking).values()))
    assert (counts["chain1000"], counts["star100"], counts["star101"]) == (1, 1, 102)
    assert sum(count > 2 for name, count in counts.items() if name.startswith("graph")) >= 5
