"""With `retention_days` a daily run forgets old activities, counts them, and publishes the scores it would have."""

from __future__ import annotations

from datetime import date, timedelta

from harness import Project, assert_none, differences

AS_OF = date(2026, 6, 10)
RETENTION_DAYS = 193  # the least that is allowed: 103 scored days and a window of 90
SAME = {
    "accounts": ("account_id",),
    "account_scores_daily": ("account_id", "score_date"),
    "account_source_scores_daily": ("account_id", "score_date", "source"),
    "account_timeline": ("activity_id",),
    "developers": ("developer_id",),
    "developer_scores_daily": ("developer_id", "score_date"),
}


def activity(name: str, age: int, email: str, login: str = "") -> dict[str, str]:
    day = AS_OF - timedelta(days=age)
    return {
        "tenant_id": "default", "activity_id": name, "occurred_at": f"{day}T10:00:00Z", "email": email,
        "loaded_at": f"{day}T12:00:00Z", "activity_type": "pricing_page_view", "github_login": login,
    }  # fmt: skip


OLD = [
    activity("links login", 250, "mira@birch.example", "mira-b"),
    activity("last to go", RETENTION_DAYS - 1, "lio@birch.example"),
]
KEPT = [
    activity("first to stay", RETENTION_DAYS - 2, "lio@birch.example"),
    activity("in the window", 100, "lio@birch.example"),
    activity("by login alone", 3, "", "mira-b"),
]
NEXT = activity("next day", -1, "tess@larch.example")


def test_a_pruned_warehouse_publishes_the_same_scores(tmp_path):
    pruned = Project(tmp_path / "pruned", vars={"retention_days": RETENTION_DAYS})
    pruned.write({"activities": [*OLD, *KEPT]})
    before = pruned.build(AS_OF)
    assert {row["activity_id"] for row in before.rows("activity_ledger")} == {
        row["activity_id"] for row in [*OLD, *KEPT]
    }, "a build from scratch reads all"
    pruned.write({"activities": [*OLD, *KEPT, NEXT]})
    after = pruned.build(AS_OF + timedelta(days=1))
    whole = Project(tmp_path / "whole")
    whole.write({"activities": [*OLD, *KEPT, NEXT]})
    expected = whole.build(AS_OF + timedelta(days=1))

    assert {row["activity_id"] for row in after.rows("activity_ledger")} == {
        row["activity_id"] for row in [*KEPT, NEXT]
    }
    for table, keys in SAME.items():
        rows = expected.rows(table)
        assert rows, f"{table} is empty: nothing is proved for it"
        columns = [column for column in rows[0] if column not in keys]
        assert_none(differences(rows, after.rows(table), keys, columns))
    counts = {row["disposition_reason"] or row["disposition"]: row["record_count"]
              for row in after.rows("source_reconciliation") if row["record_count"]}  # fmt: skip
    assert counts == {"counted": len(KEPT) + 1, "past_retention": len(OLD)}
