"""Pairs of worlds of which a law says how their scores compare: a world, and the same world changed in one way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from reference.feed import moment
from worlds import AS_OF, RandomWorld, Row, World
from worlds_by_hand import at, numbered


def without_repeats(rows: list[Row]) -> list[Row]:
    """Each activity once."""
    return list({row["activity_id"]: row for row in rows}.values())


def base_world(tenant_id: str, seed: int, activity_types: list[str]) -> World:
    """A random world with pinned thresholds, as the ground of a pair."""
    draw = RandomWorld(tenant_id, seed, activity_types, companies=4, events=110)
    world = draw.world.renamed(tenant_id, without_repeats).pinned(60.0, 25.0)
    world.aliases = draw.world.aliases
    world.tenant = {"internal_domains": draw.vendor}
    return world


def with_more(seed: int, as_of: date = AS_OF):
    """Adds activities of people already seen, never earlier than they were seen under the same identifiers.

    That way only the activities are new: who is who and who works where stay as they were.
    """

    def change(rows: list[Row]) -> list[Row]:
        random = np.random.default_rng(seed)
        known = [row for row in rows if row["activity_id"] and happened_by(row, as_of)]
        added = []
        for number in range(25):
            row = known[int(random.integers(len(known)))]
            last = datetime.combine(as_of, datetime.max.time())
            day = moment(row["occurred_at"]) + timedelta(days=int(random.integers(0, 20)))
            kind = known[int(random.integers(len(known)))]["activity_type"]
            occurred_at = min(day, last).isoformat()
            added.append({**row, "activity_id": f"new{number}", "activity_type": kind, "occurred_at": occurred_at})
        return rows + added

    return change


def happened_by(row: Row, as_of: date) -> bool:
    """Whether an activity can be read and its UTC day is not after the as-of day."""
    occurred_at = moment(row["occurred_at"])
    return occurred_at is not None and occurred_at.date() <= as_of


def in_other_order(rows: list[Row]) -> list[Row]:
    """The same activities, arriving in another order."""
    random = np.random.default_rng(7)
    arrivals = [datetime(2026, 1, 1) + timedelta(hours=int(hours)) for hours in random.permutation(len(rows))]
    changed = [{**row, "loaded_at": str(arrival)} for row, arrival in zip(rows, arrivals, strict=True)]
    return [changed[position] for position in random.permutation(len(rows))]


def until_as_of(rows: list[Row]) -> list[Row]:
    """Without what happened after the as-of day."""
    return [row for row in rows if moment(row["occurred_at"]) is None or happened_by(row, AS_OF)]


def split_among_sources(rows: list[Row]) -> list[Row]:
    """Every second person does in the community what it did on GitHub: same weight, cap and half-life."""
    odd = {f"p{number}@split.example" for number in range(1, 100, 2)}
    return [{**row, "activity_type": "community_question"} if row["email"] in odd else row for row in rows]


def one_source_world(tenant_id: str) -> World:
    """Twelve people who do one thing."""
    random = np.random.default_rng(3)
    issue = {"activity_type": "github_issue_opened"}
    rows = [
        {**issue, "email": f"p{random.integers(12)}@split.example", "occurred_at": at(int(back))}
        for back in random.integers(0, 100, 150)
    ]
    return World(tenant_id, numbered(rows)).pinned(400.0, 100.0)


def pairs(activity_types: list[str]) -> dict[str, list[tuple[World, World]]]:
    """The pairs by the law they are for."""
    bases = [base_world(f"b{seed}", seed, activity_types) for seed in range(200, 204)]
    one_source = one_source_world("split")
    return {
        "more": [(base, base.renamed(f"{base.tenant_id}-more", with_more(seed))) for seed, base in enumerate(bases)],
        "order": [(base, base.renamed(f"{base.tenant_id}-order", in_other_order)) for base in bases],
        "until": [(base, base.renamed(f"{base.tenant_id}-until", until_as_of)) for base in bases],
        "split": [(one_source, one_source.renamed("split-two", split_among_sources))],
    }
