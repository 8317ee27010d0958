"""Exports of what changed since an earlier build."""

from __future__ import annotations

import duckdb
from published_by_hand import AS_OF, EARLIER

from activity_score.exporting.changes import changed_rows


def test_changes_since_a_day(export):
    done = export("high_engagement", "--changes-since", "2026-06-25")
    rows = {row["account_name"]: row["change"] for row in done.csv("high_engagement_changes")}
    assert list(done.csv("high_engagement_changes")[0])[:2] == ["change", "account_name"]
    assert rows == {
        "Zürich 数据": "added",
        'Say "yes"': "changed",
        "Gone": "removed",
        **dict.fromkeys(rows.keys() - {"Zürich 数据", 'Say "yes"', "Gone"}, "changed"),
    }
    assert done.manifest["changes_since"] == {
        "date": "2026-06-25", "build_id": f"{EARLIER}_20260701T000001Z", "as_of_date": str(EARLIER),
    }  # fmt: skip


def test_since_the_current_build_nothing_changed(export):
    done = export("--changes-since", str(AS_OF))
    assert {file["rows"] for file in done.manifest["files"]} == {0}


def test_changes_of_marts_and_queries(export, queries):
    (queries / "names.sql").write_text("select account_name, activity_score from accounts")
    done = export("--mart", "accounts", "--sql", "names.sql", "--changes-since", str(EARLIER))
    changes = {row["account_name"]: row["change"] for row in done.csv("accounts_changes")}
    assert (changes["Gone"], changes["Zürich 数据"], changes['Say "yes"']) == ("removed", "added", "changed")
    whole = sorted((row["change"], row["account_name"]) for row in done.csv("names_changes"))
    assert whole == [("added", 'Say "yes"'), ("added", "Zürich 数据"), ("removed", "Gone"), ("removed", 'Say "yes"')]


def test_what_counts_as_a_change():
    with duckdb.connect() as connection:
        now = """
        select * from (values
            (1, 0.1::double, 'a', null, 5), (2, 0.3, 'b', 'x', 5), (3, 1.0, 'c', null, 5), (4, null, 'd', 'y', 5),
            (6, 1.0, 'f', 'f', 5), (null, 1.0, 'n', 'n', 5)
        ) as rows (id, number, text, missing, day)
        """
        then = """
        select * from (values
            (1, 0.1::double, 'a', null, 4), (2, 0.1::double + 0.2::double, 'b', 'x', 4),
            (3, 1.1, 'c', null, 4), (4, 0.0, 'd', 'y', 4),
            (5, 1.0, 'e', 'e', 4), (6, 1.0, 'f', null, 4), (null, 1.0, 'n', 'n', 4)
        ) as rows (id, number, text, missing, day)
        """
        query = changed_rows(connection, now, then, ["id"], ["day"])
        found = connection.execute(f"select change, id, number from ({query}) order by id").fetchall()
    assert found == [
        ("changed", 3, 1.0), ("changed", 4, None), ("removed", 5, 1.0), ("changed", 6, 1.0),
    ]  # fmt: skip


def test_columns_that_only_one_build_has():
    with duckdb.connect() as connection:
        now, then = "select 1 as id, 'new' as fresh, 2 as same", "select 1 as id, 'old' as stale, 2 as same"
        assert connection.execute(changed_rows(connection, now, then, ["id"])).fetchall() == []
        removed = connection.execute(changed_rows(connection, now + " where false", then, ["id"])).fetchall()
    assert removed == [("removed", 1, None, 2)]
