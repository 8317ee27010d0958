"""The warehouse agrees with the reference: every published number, to 1e-9."""

from __future__ import annotations

from collections import Counter

import pytest
from conftest import Built
from harness import Rows, Tables, assert_none, differences

TABLES = {
    "activity_ledger": (
        ("tenant_id", "source_system", "activity_id"),
        ("source", "activity_type", "occurred_at", "developer_id", "account_id", "weight", "role_weight",
         "decay_factor", "engagement_points", "score_points", "disposition", "disposition_reason"),
    ),
    "account_score_adjustments": (
        ("account_id", "adjustment", "source", "developer_id"),
        ("engagement_points", "score_points"),
    ),
    "account_scores_daily": (
        ("account_id", "score_date"),
        ("activity_score", "activity_category", "engagement_points", "uncapped_points", "score_change_7d",
         "is_surge_day", "has_activity_surge", "active_developers_30d", "model_version"),
    ),
    "account_source_scores_daily": (
        ("account_id", "score_date", "source"),
        ("activity_count", "engagement_points", "score_contribution"),
    ),
    "account_score_changes": (
        ("account_id", "component", "source"),
        ("as_of_date", "points"),
    ),
    "developer_scores_daily": (
        ("developer_id", "score_date"),
        ("account_id", "activity_score", "developer_points"),
    ),
    "accounts": (
        ("account_id",),
        ("tenant_id", "account_domain", "is_in_crm", "activity_score", "activity_category", "engagement_label",
         "is_strong", "is_continuous", "score_change_7d", "score_change_30d", "momentum", "score_trend",
         "has_activity_surge", "surge_started_on", "surge_ends_on", "drop_off_risk", "active_developers_7d",
         "active_developers_30d", "identified_developers", "has_buyer", "buyer_engaged", "top_source",
         "contributing_sources", "last_activity_at", "intent_score",
         "as_of_date", "model_version"),
    ),
    "developers": (
        ("developer_id",),
        ("tenant_id", "account_id", "job_title", "role_weight", "is_buyer", "activity_score", "activity_category",
         "first_activity_at", "last_activity_at", "top_source", "as_of_date"),
    ),
    "score_models": (
        ("tenant_id", "model_version"),
        ("account_threshold", "developer_threshold"),
    ),
}  # fmt: skip
"""The published tables: the columns that name a row, and the columns to compare."""


WHO_AND_WHERE = {"developer_id": None, "account_id": None, "role_weight": None}


def comparable(table: str, rows: Rows) -> Rows:
    """Without what the rules leave open."""
    if table == "activity_ledger":  # who and where of a record that counts nowhere
        return [{**row, **WHO_AND_WHERE} if is_set_aside(row) else row for row in rows]
    if table == "account_score_changes":  # what was published before is no rule; a part of next to nothing is none
        return [row for row in rows if row["component"] != "restated" and abs(row["points"]) > 1e-9]
    return rows


def is_set_aside(row: dict) -> bool:
    return row["disposition"] == "excluded" and row["disposition_reason"] != "no_account"


def in_force(tables: Tables, rows: Rows) -> Rows:
    """The model versions that the published accounts carry: `score_models` has those of other days, too."""
    used = {(row["tenant_id"], row["model_version"]) for row in tables.rows("accounts")}
    return [row for row in rows if (row["tenant_id"], row["model_version"]) in used]


def disagreements(built: Built, table: str) -> list[str]:
    key, columns = TABLES[table]
    expected, actual = built.expected[table], built.tables.rows(table)
    if table == "score_models":
        expected, actual = in_force(built.tables, expected), in_force(built.tables, actual)
    assert expected, f"a comparison of no rows of {table} would say nothing"
    return differences(comparable(table, expected), comparable(table, actual), key, columns)


def reconciliation(rows: Rows) -> Counter:
    """Records by disposition and reason of exclusion; why a record was rejected is staging's to word."""
    counts: Counter = Counter()
    for row in rows:
        reason = row["disposition_reason"] if row["disposition"] == "excluded" else None
        counts[row["source_system"], row["disposition"], reason] += row["record_count"]
    return counts


@pytest.mark.parametrize("table", TABLES)
def test_agreement(main, table):
    assert_none(disagreements(main, table))


@pytest.mark.parametrize("table", TABLES)
def test_agreement_three_weeks_later(later, table):
    assert_none(disagreements(later, table))


@pytest.mark.parametrize("table", TABLES)
def test_agreement_under_other_settings(other, table):
    assert_none(disagreements(other, table))


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_every_record_is_counted_once(name, request):
    built = request.getfixturevalue(name)
    found = reconciliation(built.tables.rows("source_reconciliation"))
    assert found == reconciliation(built.expected["source_reconciliation"])
    assert found.total() == len(built.feed["activities"])


def test_worlds_show_every_rule_at_work(main, other):
    """The comparison is worth what its worlds hold: here, that nothing of the rules is missing from them."""
    accounts, ledger = main.expected["accounts"] + other.expected["accounts"], main.expected["activity_ledger"]
    for column in ("is_strong", "is_continuous", "has_activity_surge", "drop_off_risk", "is_in_crm", "buyer_engaged"):
        assert {row[column] for row in accounts} == {True, False}, column
    assert {row["activity_category"] for row in accounts} == {"Low", "Medium", "High"}
    assert {row["engagement_label"] for row in accounts} == {"minimal", "moderate", "good", "strong", "continuous"}
    assert {row["score_trend"] for row in accounts} == {"rising", "falling", "steady"}
    assert any(row["intent_score"] > 0 for row in accounts)
    assert {row["disposition_reason"] for row in ledger} == {
        None, "over_daily_cap", "future", "unknown_type", "bot", "internal", "opted_out", "no_account",
    }  # fmt: skip
    versions = {row["model_version"] for row in main.expected["score_models"]}
    assert {"now", "default", "auto-2026-02-28", "auto-2026-03-17"} <= versions
    adjustments = {row["adjustment"] for row in main.expected["account_score_adjustments"]}
    assert adjustments == {"active_developer", "source_cap"}
