"""The command `segments`: what it reads from a published build, and how it prints it."""

from __future__ import annotations

import io
import json

import duckdb
import pytest
from rich.console import Console

from activity_score.cli import main
from activity_score.errors import UserError
from activity_score.segments import print_segments, read_segments


@pytest.fixture
def database(tmp_path):
    """Two segments and a list without members, as of 31 January; the build before was of the 29th."""
    file = tmp_path / "current" / "marts.duckdb"
    file.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as published; use published; create schema marts")
        connection.execute(
            """
            create table marts.accounts as
            select * from (values
                ('a1', 'Acme', 'acme.example', 90.25, date '2026-01-31'),
                ('a2', 'Brook [bold]', 'brook.example', 81.5, date '2026-01-31'),
                ('a3', 'Cedar', 'cedar.example', 95, date '2026-01-31')
            ) as rows (account_id, account_name, account_domain, activity_score, as_of_date);
            alter table marts.accounts add column tenant_id text default 'default';
            alter table marts.accounts add column owner_name text;
            alter table marts.accounts add column lifecycle_stage text;
            create table marts.segments as
            select * from (values
                ('a_list', null, null, null, null, false),
                ('high', 'One row per account in the band High: worth a call.', 'call', 20, '1. Call.', true),
                ('deal', 'One row per account with a deal.', 'close', 10, '1. Close.', true)
            ) as rows (segment, description, playbook, priority, action_steps, is_exported);
            create table marts.segment_members as
            select * from (values
                ('high', 'a1', date '2026-01-29', 'activity score: 90.25; top source: forms'),
                ('high', 'a3', date '2026-01-31', null),
                ('deal', 'a2', date '2026-01-10', 'stage: In Pipeline')
            ) as rows (segment, account_id, entered_on, reason);
            create table marts.segment_changes as
            select * from (values
                ('high', 'a1', 'entered', date '2026-01-29'),
                ('high', 'a3', 'entered', date '2026-01-31'),
                ('high', 'a2', 'entered', date '2026-01-10'),
                ('high', 'a2', 'left', date '2026-01-31'),
                ('deal', 'a2', 'entered', date '2026-01-10'),
                ('deal', 'a1', 'entered', date '2026-02-02')
            ) as rows (segment, account_id, change, changed_on);
            create table marts.score_publications as
            select unnest([date '2026-01-10', date '2026-01-29', date '2026-01-31', date '2026-02-02']) as as_of_date
            """
        )
    return file


def printed(result) -> str:
    stream = io.StringIO()
    print_segments(result, Console(file=stream))
    return stream.getvalue()


def test_segments_with_size_and_change(database):
    result = read_segments(database)
    assert (result["as_of_date"], result["compared_with"]) == ("2026-01-31", "2026-01-29")
    found = [(row["segment"], row["members"], row["entered"], row["left"]) for row in result["segments"]]
    assert found == [("deal", 1, 0, 0), ("high", 2, 1, 1), ("a_list", 0, 0, 0)]
    assert result["segments"][1]["action_steps"] == "1. Call."
    assert "members" not in result and json.dumps(result)


def test_members_of_one_segment(database):
    result = read_segments(database, "high")
    assert [(row["account_name"], row["activity_score"], row["entered_on"]) for row in result["members"]] == [
        ("Cedar", 95.0, "2026-01-31"),
        ("Acme", 90.25, "2026-01-29"),
    ]
    assert json.dumps(result)


def test_an_unknown_segment_is_named_with_close_ones(database):
    with pytest.raises(UserError, match=r"there is no segment 'hihg'; choose from high$"):
        read_segments(database, "hihg")
    with pytest.raises(UserError, match=r"choose from deal, high, a_list$"):
        read_segments(database, "xyz")


def test_printed(database):
    lines = printed(read_segments(database, "high")).splitlines()
    assert lines[1].strip() == "Segments   as of 31 Jan 2026; in and out since 29 Jan"
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert "10 deal 1 - - account with a deal" in text
    assert "20 high 2 +1 -1 account in the band High" in text
    assert "- a_list 0 - -" in text
    assert "Acme 90.25 29 Jan top source: forms" in text
    assert "Brook [bold] 81.50 10 Jan stage: In Pipeline" in " ".join(printed(read_segments(database, "deal")).split())


def test_the_command(database, capsys):
    for words, expected in ((["--json"], '"segment": "deal"'), (["deal"], "Brook [bold]")):
        with pytest.raises(SystemExit) as exit_:
            main(["segments", "--warehouse", str(database.parents[1]), *words])
        assert not exit_.value.code and expected in capsys.readouterr().out
    with pytest.raises(SystemExit) as exit_:
        main(["segments", "--warehouse", str(database.parents[1] / "elsewhere")])
    assert exit_.value.code == 2 and "no published build there" in capsys.readouterr().err
