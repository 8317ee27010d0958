"""What page_rules and event_rules promise as shipped, besides what `check` finds: an order, every page answered."""

import csv
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PATTERNS = {"page_rules": ("host_pattern", "path_pattern"), "event_rules": ("source_system", "event_name")}


def rows(seed):
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
