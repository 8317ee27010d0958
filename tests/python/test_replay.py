"""Daily builds one after another publish what one build from scratch publishes (scoring.md, section 9)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from harness import Project, Rows, Tables, assert_none, differences
from replay import STEPS, WEIGHT_CHANGES_AT, Replay, replay_of

KEYS = {
    "account_score_adjustments": ("account_id", "adjustment", "source", "developer_id"),
    "account_score_changes": ("account_id", "component", "source"),
    "account_scores_daily": ("account_id", "score_date"),
    "account_signals": ("account_id", "signal"),
    "account_source_scores_daily": ("account_id", "score_date", "source"),
    "account_timeline": ("tenant_id", "source_system", "activity_id"),
    "accounts": ("account_id",),
    "activity_ledger": ("tenant_id", "source_system", "activity_id"),
    "developer_scores_daily": ("developer_id", "score_date"),
    "developers": ("developer_id",),
    "score_models": ("tenant_id", "model_version", "effective_from"),
    "score_publications": ("account_id", "as_of_date"),
    "source_reconciliation": ("source_system", "disposition", "disposition_reason"),
}
# What was so in earlier builds is no matter of the data: a rebuild without them has none of it.
HISTORY = ("account_routes", "playbook_episodes", "segment_changes")
HISTORY_COLUMNS = {"segment_members": ("entered_on",), "accounts": ("surge_cause",)}


def rebuilt(replay: Replay, folder: Path) -> Tables:
    """What a build from scratch publishes for the same data, settings and day."""
    again = Project.__new__(Project)
    again.folder, again.root, again.data, again.warehouse = (
        folder, replay.project.root, replay.project.data, folder / "warehouse",
    )  # fmt: skip
    return again.build(replay.days[-1])


def comparable(table: str, tables: Tables) -> Rows:
    rows, left_out = tables.rows(table), HISTORY_COLUMNS.get(table, ())
    if table == "score_publications":  # the days before are history: a rebuild has none
        last = max(row["as_of_date"] for row in rows)
        rows = [{**row, "published_at": None} for row in rows if row["as_of_date"] == last]
        rows = list({(row["account_id"],): row for row in rows}.values())
    if table == "account_score_changes":  # nor does it know what was published a week ago
        rows = [row for row in rows if row["component"] != "restated" and abs(row["points"]) > 1e-9]
    if table == "accounts":  # nor under which settings, and where people were
        rows = [{**row, "surge_cause": None} for row in rows]
    return [{name: value for name, value in row.items() if name not in left_out} for row in rows]


def disagreements(daily: Tables, scratch: Tables) -> list[str]:
    """Every difference between two builds, in every table and column."""
    assert daily.names() == scratch.names()
    found = []
    for table in sorted(set(daily.names()) - set(HISTORY)):
        expected, actual = comparable(table, scratch), comparable(table, daily)
        assert expected or table not in KEYS, f"{table} is empty: nothing is proved for it"
        if table not in KEYS:
            left, right = (sorted(map(repr, rows)) for rows in (expected, actual))
            found += [f"{table} differs: {sorted(set(left) ^ set(right))[:4]}"] if left != right else []
            continue
        columns = [column for column in expected[0] if column not in KEYS[table]]
        found += [f"{table}: {line}" for line in differences(expected, actual, KEYS[table], columns)]
    return found


def run(replay: Replay, steps: range | None = None) -> Tables:
    for number in steps or range(len(STEPS)):
        tables = replay.project.build(replay.step(number))
    return tables


def notes_of(replay: Replay) -> list[list[str]]:
    history = (replay.project.warehouse / "log" / "history.jsonl").read_text(encoding="utf-8")
    return [json.loads(line)["notes"] for line in history.splitlines()]


@pytest.mark.parametrize("seed", [100, 200])
def test_daily_builds_equal_a_rebuild(tmp_path, activity_types, seed):
    replay = replay_of(tmp_path / "daily", activity_types, seed)
    daily = run(replay)
    from_scratch = [number for number, notes in enumerate(notes_of(replay)) if any("scratch" in note for note in notes)]
    assert from_scratch == [WEIGHT_CHANGES_AT], "the other builds must go on from the one before"
    assert_none(disagreements(daily, rebuilt(replay, tmp_path / "rebuilt")))


def test_a_planted_fault_turns_it_red(tmp_path, activity_types):
    """Summing up only what was written in this run, not the whole of a touched day, is the fault others make."""
    replay = replay_of(tmp_path / "daily", activity_types, 300, worlds=8)
    model = replay.project.root / "models" / "intermediate" / "placement" / "int_touched_activities.sql"
    sql = model.read_text(encoding="utf-8")
    run = "    inner join {{ ref('int_run') }} as run on activities.written_at = run.published_at\n"
    partial = sql.replace("= touched_days.developer_key\n", "= touched_days.developer_key\n" + run, 1)
    assert partial != sql
    model.write_text(partial, encoding="utf-8")
    for number in (0, 2, 5):
        done = replay.project.command(
            "build", "--data-dir", str(replay.project.data), "--warehouse", str(replay.project.warehouse),
            "--as-of", str(replay.step(number)),
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        if done.returncode == 1:  # a data test of the build itself has found it
            assert "adds_up" in done.stderr
            return
    daily = Tables(replay.project.warehouse / "current" / "marts.duckdb")
    model.write_text(sql, encoding="utf-8")
    replay.days[-1] = replay.days[5]
    assert disagreements(daily, rebuilt(replay, tmp_path / "rebuilt"))
