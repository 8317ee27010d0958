"""Signals and the timeline of published builds: what they leave out, and that they do not see tomorrow."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from harness import ROOT, Rows, Tables, assert_none, differences
from test_laws import of_world

SIGNAL = ("account_id", "signal")
LINE = ("account_id", "source_system", "activity_id")


def meaningful_types() -> set[str]:
    """The activity types that a salesperson would mention."""
    with (ROOT / "seeds" / "activity_types.csv").open(encoding="utf-8", newline="") as file:
        return {row["activity_type"] for row in csv.DictReader(file) if row["is_meaningful"] == "true"}


def people_of(tables: Tables) -> dict[str, str]:
    """The tenant of each published developer."""
    return {row["developer_id"]: row["tenant_id"] for row in tables.rows("developers")}


@pytest.mark.parametrize("pair", ["until", "order"])
def test_neither_tomorrow_nor_the_order_of_arrival_makes_a_difference(main, law_pairs, pair):
    compared = 0
    for one, other in law_pairs[pair]:
        signals, lines = ([of_world(main.tables, table, world) for world in (one, other)]
                          for table in ("account_signals", "account_timeline"))  # fmt: skip
        assert_none(differences(*signals, SIGNAL, ("detected_on", "developer_count", "evidence")))
        assert_none(differences(*lines, LINE, ("developer_id", "occurred_at", "headline", "activity_count")))
        compared += len(signals[0]) * len(lines[0])
    assert compared > 0


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_the_timeline_is_the_meaningful_part_of_the_ledger(name, request):
    tables = request.getfixturevalue(name).tables
    as_of = tables.rows("accounts")[0]["as_of_date"]
    meaningful = meaningful_types()
    expected = Counter()
    for row in tables.rows("activity_ledger"):
        day = row["occurred_at"].date()
        known = row["disposition"] != "excluded" and row["activity_type"] in meaningful
        if known and as_of - timedelta(days=90) < day <= as_of:
            expected[line_of(row)] += row["activity_count"]
    assert len(expected) > 100
    found = tables.rows("account_timeline")
    assert Counter({line_of(row): row["activity_count"] for row in found}) == expected
    assert len({line_of(row) for row in found}) == len(found)


def line_of(row: dict) -> tuple:
    """What makes one line of the timeline; the worlds' activities have no pages."""
    keys = ("account_id", "developer_id", "source_system", "activity_type")
    return *(row[key] for key in keys), row["occurred_at"].date()


@pytest.mark.parametrize("name", ["main", "other"])
def test_signals_stay_within_a_tenant(name, request):
    tables = request.getfixturevalue(name).tables
    tenants = people_of(tables)
    kinds: dict[str, Rows] = defaultdict(list)
    for row in tables.rows("account_signals"):
        kinds[row["signal"]].append(row)
        people = row["developers"].split(";") if row["developers"] else []
        assert people == sorted(set(people)) and len(people) == row["developer_count"]
        assert {tenants[person] for person in people} <= {row["tenant_id"]}
    assert len(kinds) > 3
