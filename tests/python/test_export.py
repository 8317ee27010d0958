"""The command `export`: which segments, marts and queries it writes, and which words it does not take."""

from __future__ import annotations

import duckdb
import pytest
from exported import published
from published_by_hand import AS_OF, named_accounts, write_build

from activity_score.project import Warehouse


def test_all_segments_and_the_routes(export):
    done = export()
    assert (done.code, done.names()) == (
        0,
        [
            *("account_routes.csv", "activity_surge.csv", "drop_off_risk.csv", "high_engagement.csv"),
            *("manifest.json", "quiet.csv"),
        ],
    )
    assert done.csv("drop_off_risk") == done.csv("quiet") == []  # an audience that follows them must become empty
    assert [row["account_name"] for row in done.csv("activity_surge")] == ["Acme, Inc.", 'Say "yes"']


def test_a_segment_is_its_members_with_what_matters_of_their_accounts(export, two_builds):
    done = export("high_engagement", "--format", "parquet")
    assert done.names() == ["high_engagement.parquet", "manifest.json"]
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select account_id, account_name, activity_score, entered_on, reason, priority, owner_email, as_of_date,"
            f" model_version from '{done.out}/high_engagement.parquet'"
        ).fetchall()
    expected = published(
        two_builds,
        "select account_id, account_name, activity_score, entered_on, reason, priority, owner_email, as_of_date,"
        " model_version from segment_members inner join accounts using (account_id)"
        " where segment = 'high_engagement' order by activity_score desc, account_id",
    )
    assert found == expected and len(found) == 8


def test_routes_name_their_accounts(export):
    rows = export("account_routes").csv("account_routes")
    assert list(rows[0])[:4] == ["account_name", "account_domain", "crm_account_id", "activity_score"]
    assert (rows[0]["account_name"], rows[0]["playbook"]) == ("Acme, Inc.", "pipeline")


def test_segments_that_may_not_be_exported_are_left_out_unless_named(export):
    assert "inner_circle.csv" not in export().names()
    assert [row["account_name"] for row in export("inner_circle").csv("inner_circle")] == ["Acme, Inc."]
    row = export("--crm", "hubspot").csv("hubspot_companies")[0]
    assert row["Activity Segments"] == "activity_surge;high_engagement"  # a CRM does not hear of it either


def test_without_a_list_of_segments_all_that_were_ever_seen_are_exported(export, tmp_path):
    root = tmp_path / "bare"
    file = write_build(Warehouse(root), AS_OF)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as bare; drop table bare.marts.segments")
    assert [name for name in export(root=root).names() if name != "manifest.json"] == [
        "account_routes.csv", "activity_surge.csv", "drop_off_risk.csv", "high_engagement.csv", "inner_circle.csv",
    ]  # fmt: skip


def test_marts_and_queries(export, queries):
    (queries / "top accounts!.sql").write_text(
        "select account_name, 1 as a, 2 as a from accounts order by 1 desc limit 2"
    )
    done = export("--mart", "developers", "--mart", "activity_ledger", "--sql", "top accounts!.sql")
    assert done.names() == ["activity_ledger.csv", "developers.csv", "manifest.json", "top_accounts.csv"]
    assert len(done.csv("activity_ledger")) == 40
    assert list(done.csv("top_accounts")[0]) == ["account_name", "a", "a_1"]
    assert [file.get("mart") or file["query"] for file in done.manifest["files"]] == [
        "developers", "activity_ledger", "top_accounts",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["nope"],
            "nope: no such segment; there are activity_surge, drop_off_risk, high_engagement, inner_circle, quiet",
        ),
        (["--mart", "nope"], "nope: the build has no such mart; it has account_routes, accounts, activity_ledger, "),
        (["--format", "csv,doc"], "'doc' is not one of csv, parquet, jsonl, xlsx"),
        (["--format", ","], "is not one of csv, parquet, jsonl, xlsx"),
        (["--crm", "sugar"], "'sugar' is not one of 'hubspot', 'salesforce'"),
        (["--sql", "missing.sql"], "missing.sql: cannot be read (No such file or directory)"),
        (
            ["--changes-since", "2026-01-01"],
            "no build as of that day or before is kept, the oldest is of 2026-06-23; export",
        ),
        (["--as-of", "2026-01-01"], "no published build of that day is kept"),
        (["--tenant", "other"], "--tenant other: no such tenant; there are default"),
        (["account_routes", "--mart", "account_routes"], "account_routes: asked for twice"),
        (["--sql", "leak.sql"], "leak.sql: read_text(): reading files is not allowed"),
        (["--tenant", "default", "--sql", "leak.sql"], "--tenant: a query says itself which tenant it means"),
    ],
)
def test_wrong_words_are_one_line_and_write_nothing(export, queries, words, message):
    (queries / "leak.sql").write_text("select * from read_text('/etc/passwd')")
    done = export(*words)
    errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert done.code == 2 and len(errors) == 1 and message in errors[0]
    assert not done.out.exists()


def test_a_build_without_segments(export, tmp_path):
    root = tmp_path / "bare"
    file = write_build(Warehouse(root), AS_OF)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as bare")
        for table in ("segments", "segment_members", "segment_changes", "account_routes"):
            connection.execute(f"drop table bare.marts.{table}")
    done = export(root=root)
    assert done.code == 2 and "has no segments to export; name a mart, as in --mart accounts" in done.err
    assert export("--mart", "accounts", root=root).code == 0
    assert export("--crm", "hubspot", root=root).csv("hubspot_companies")[0]["Activity Segments"] == "none"


def test_options_read_the_environment(export, monkeypatch):
    monkeypatch.setenv("ACTIVITY_SCORE_FORMAT", "jsonl,parquet")
    monkeypatch.setenv("ACTIVITY_SCORE_MART", "developers")
    monkeypatch.setenv("ACTIVITY_SCORE_MASK_PII", "1")
    monkeypatch.setenv("ACTIVITY_SCORE_SALT", "sixteen characters")
    done = export()
    assert done.names() == ["developers.jsonl", "developers.parquet", "manifest.json"] and done.manifest["masked"]


def test_one_tenant_of_several(export, tmp_path):
    root = tmp_path / "several"
    write_build(
        Warehouse(root),
        AS_OF,
        accounts=[*named_accounts(), ("second", "Other", "other.example", *named_accounts()[0][3:])],
    )
    names = {
        row["account_name"] for row in export("high_engagement", "--tenant", "second", root=root).csv("high_engagement")
    }
    assert names == {"Other"}
    done = export("--mart", "accounts", "--mart", "segment_members", "--tenant", "second", root=root)
    assert {row["tenant_id"] for row in done.csv("accounts")} == {"second"} and len(done.csv("segment_members")) == 3
    assert done.manifest["tenant"] == "second"
    done = export("--crm", "hubspot", root=root)
    assert done.code == 2 and "the build holds several tenants (default, second), a CRM belongs to one" in done.err
    done = export("--crm", "hubspot", "--tenant", "second", root=root)
    assert [row["Company Domain Name"] for row in done.csv("hubspot_companies")] == ["other.example"]
