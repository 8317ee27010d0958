"""The laws of scoring.md, section 9, held against published builds."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from datetime import datetime

import pytest
from harness import Rows, Tables, assert_none, differences
from reference.feed import identifiers
from test_reference import TABLES
from worlds import World, feed_of
from worlds_by_hand import SURGES

DAILY = ("account_scores_daily", "account_source_scores_daily", "developer_scores_daily", "accounts")


def names_of(world: World) -> dict[str, str]:
    """What the published keys of a world stand for, so that two tenants can be compared."""
    feed = feed_of([world])
    people = [f"{kind}:{value}" for row in feed["activities"] + feed["contacts"] for kind, value in identifiers(row)]
    return {hashlib.md5(f"{world.tenant_id}|{name}".encode()).hexdigest(): name for name in people}


def of_world(tables: Tables, table: str, world: World) -> Rows:
    """The rows of one world, with domains and identifiers in place of keys."""
    names = names_of(world)
    for row in tables.rows("accounts"):
        if row["tenant_id"] == world.tenant_id:
            names[row["account_id"]] = row["account_domain"]
    keys = ("account_id", "developer_id")
    return [
        {**row, **{key: names.get(row[key], row[key]) for key in keys if key in row}}
        for row in tables.rows(table)
        if any(row.get(key) in names for key in keys)
    ]


def assert_same_scores(tables: Tables, one: World, other: World) -> None:
    for table in DAILY:
        key, columns = TABLES[table]
        columns = [column for column in columns if column != "tenant_id"]
        rows = of_world(tables, table, one)
        assert rows
        assert_none(differences(rows, of_world(tables, table, other), key, columns))


def test_added_activity_never_lowers_a_score(main, law_pairs):
    raised = 0
    for base, more in law_pairs["more"]:
        for table, key in (("account_scores_daily", "account_id"), ("developer_scores_daily", "developer_id")):
            before, after = (
                {(row[key], row["score_date"]): row["activity_score"] for row in of_world(main.tables, table, world)}
                for world in (base, more)
            )
            assert [name for name, score in before.items() if after.get(name, -1) < score] == []
            raised += sum(after[name] > score for name, score in before.items())
    assert raised > 0


def test_order_of_arrival_does_not_matter(main, law_pairs):
    for base, reordered in law_pairs["order"]:
        assert_same_scores(main.tables, base, reordered)


def test_nothing_after_as_of_leaks_in(main, law_pairs):
    for base, cut in law_pairs["until"]:
        assert len(cut.activities) < len(base.activities)
        assert_same_scores(main.tables, base, cut)


def test_splitting_people_among_sources_never_changes_the_uncapped_total(main, law_pairs):
    for one, two in law_pairs["split"]:
        totals = [
            {row["score_date"]: row["uncapped_points"] for row in of_world(main.tables, "account_scores_daily", world)}
            for world in (one, two)
        ]
        assert totals[0] == pytest.approx(totals[1], rel=1e-9)
        sources = {row["source"] for row in of_world(main.tables, "account_source_scores_daily", two)}
        assert {"github", "community"} <= sources


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_no_new_activity_means_no_rise(name, request):
    tables = request.getfixturevalue(name).tables
    newest = last_moments(tables.rows("activity_ledger"))
    compared = 0
    for table, key in (("account_scores_daily", "account_id"), ("developer_scores_daily", "developer_id")):
        history = defaultdict(list)
        for row in tables.rows(table):
            if row["score_date"] >= newest[row[key]].date():
                history[row[key]].append((row["score_date"], row["activity_score"]))
        for days in history.values():
            scores = [score for _, score in sorted(days)]
            assert scores == sorted(scores, reverse=True)
            compared += len(scores)
    assert compared > 1000


def last_moments(ledger: Rows) -> dict[str, datetime]:
    """When each account and each developer last did something, by id."""
    newest: dict[str, datetime] = defaultdict(lambda: datetime.min)
    for row in ledger:
        if row["disposition"] != "excluded" or row["disposition_reason"] == "no_account":
            for name in (row["account_id"], row["developer_id"]):
                newest[name] = max(newest[name], row["occurred_at"])
    return newest


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_contributions_add_up_to_the_unrounded_score(name, request):
    tables = request.getfixturevalue(name).tables
    exact = exact_scores(tables)
    sums: dict[tuple, float] = dict.fromkeys(exact, 0.0)
    for row in tables.rows("account_source_scores_daily"):
        sums[row["account_id"], row["score_date"]] += row["score_contribution"]
    assert [day for day, score in exact.items() if not math.isclose(sums[day], score, rel_tol=0, abs_tol=1e-9)] == []
    for row in tables.rows("account_scores_daily"):
        assert abs(float(row["activity_score"]) - exact[row["account_id"], row["score_date"]]) <= 0.005 + 1e-9


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_ledger_and_adjustments_add_up_to_the_unrounded_score(name, request):
    tables = request.getfixturevalue(name).tables
    sums: dict[str, float] = defaultdict(float)
    for row in tables.rows("activity_ledger") + tables.rows("account_score_adjustments"):
        sums[row["account_id"]] += row["score_points"] or 0.0
    as_of = max(row["as_of_date"] for row in tables.rows("accounts"))
    today = {account: score for (account, day), score in exact_scores(tables).items() if day == as_of}
    assert len(today) > 50
    assert [name for name, score in today.items() if not math.isclose(sums[name], score, rel_tol=0, abs_tol=1e-9)] == []


def exact_scores(tables: Tables) -> dict[tuple, float]:
    """100 * E / T, at most 100, of every account and day."""
    tenants = {row["account_id"]: row["tenant_id"] for row in tables.rows("accounts")}
    models = tables.rows("score_models")
    thresholds = {(row["tenant_id"], row["model_version"]): row["account_threshold"] for row in models}
    return {
        (row["account_id"], row["score_date"]): min(
            100.0, 100.0 * row["engagement_points"] / thresholds[tenants[row["account_id"]], row["model_version"]]
        )
        for row in tables.rows("account_scores_daily")
    }


def test_running_again_changes_nothing(main, again):
    """Not even after a build of a later day in between: a past as-of day gives its numbers again."""
    assert again.names() == main.tables.names()
    for table in set(again.names()) - {"score_publications", "segment_changes"}:  # they hold other days as well
        before, after = main.tables.rows(table), again.rows(table)
        if table in TABLES:
            assert_none(differences(before, after, TABLES[table][0], before[0]))
        else:
            assert sorted(map(repr, before)) == sorted(map(repr, after)), table


@pytest.mark.parametrize("name", SURGES)
def test_surges_last_as_long_as_the_rules_say(other, name):
    world, days = SURGES[name]
    rows = of_world(other.tables, "account_scores_daily", world)
    assert len(rows) > 30
    assert sum(row["has_activity_surge"] for row in rows) == days
