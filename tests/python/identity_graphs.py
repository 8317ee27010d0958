"""Graphs of identifiers as worlds: what is seen together in one record is an edge."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from worlds import Row, World
from worlds_by_hand import at, numbered

KINDS = ("email", "github_login", "user_id", "anonymous_id")
Node = tuple[str, str]


def record(*nodes: Node) -> Row:
    """An activity that names these identifiers."""
    return {"activity_type": "github_star", "occurred_at": at(1), "account_domain": "graph.example", **dict(nodes)}


def node(kind: int, number: int) -> Node:
    """An identifier; the numbers are mixed so that order along a chain says nothing about the order of names."""
    value = f"n{number * 7919 % 100003:06d}"
    return (KINDS[kind], f"{value}@graph.example" if kind == 0 else value)


def chain(length: int) -> World:
    """One person, known by `length` identifiers each of which was seen with the next only."""
    nodes = [node(number % 4, number) for number in range(length)]
    rows = [record(one, other) for one, other in pairwise(nodes)]
    np.random.default_rng(5).shuffle(rows)
    return World(f"chain{length}", numbered(rows))


def star(partners: int) -> World:
    """One browser that `partners` people used."""
    rows = [record(("anonymous_id", "browser"), ("user_id", f"u{number:04d}")) for number in range(partners)]
    return World(f"star{partners}", numbered([*rows, record(("anonymous_id", "browser"))]))


def random_graph(seed: int) -> World:
    """Records with one to four identifiers and contacts with two; sparse or dense by seed."""
    random = np.random.default_rng([seed, 9])
    size, records = int(random.integers(5, 60)), int(random.integers(10, 90))

    def some(most: int) -> dict[str, str]:
        kinds = random.choice(4, int(random.integers(1, most + 1)), replace=False)
        return dict(node(int(kind), int(random.integers(size))) for kind in kinds)

    activities = numbered([{**record(), **some(4 if random.random() < 0.3 else 2)} for _ in range(records)])
    return World(f"graph{seed}", activities, contacts=[some(2) for _ in range(records // 5)])


def graphs() -> list[World]:
    """All of them."""
    return [chain(1000), chain(2), star(100), star(101), *(random_graph(seed) for seed in range(12))]
