"""What page_rules and event_rules promise as shipped: known types, an order, every page answered."""

import csv
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SYSTEMS = Path(__file__).resolve().parents[2] / "models" / "staging"
PATTERNS = {"page_rules": ("host_pattern", "path_pattern"), "event_rules": ("source_system", "event_name")}


def rows(seed):
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("seed", PATTERNS)
def test_every_rule_names_a_known_type_or_none(seed):
    known = {row["activity_type"] for row in rows("activity_types")} | {""}
    assert {row["activity_type"] for row in rows(seed)} <= known


@pytest.mark.parametrize("seed", PATTERNS)
def test_the_order_is_that_of_the_file_and_no_rule_stands_twice(seed):
    orders = [int(row["rule_order"]) for row in rows(seed)]
    assert orders == sorted(set(orders))
    patterns = [tuple(row[column] for column in PATTERNS[seed]) for row in rows(seed)]
    assert len(set(patterns)) == len(patterns)


def test_the_last_page_rule_takes_every_page_and_no_other_does():
    everything = [
        number for number, row in enumerate(rows("page_rules")) if row["host_pattern"] == row["path_pattern"] == "*"
    ]
    assert everything == [len(rows("page_rules")) - 1]


def test_patterns_are_written_as_they_are_compared():
    for row in rows("page_rules"):
        assert row["host_pattern"] == row["host_pattern"].lower()
        assert row["path_pattern"] == row["path_pattern"].lower()
        # a path is read with a slash at both ends: a pattern without could never match
        assert row["path_pattern"][0] in "/*" and row["path_pattern"][-1] in "/*"
    for row in rows("event_rules"):
        assert row["event_name"] == row["event_name"].lower()
        assert not set(row["event_name"]) & set(" -./:")


def test_event_rules_are_for_systems_that_exist():
    systems = {folder.name for folder in SYSTEMS.iterdir()} | {""}
    assert {row["source_system"] for row in rows("event_rules")} <= systems
