"""Which build is the one of seven days before, and what today's build gets of it."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from activity_score.earlier_build import carry_earlier_build, earlier_build
from activity_score.project import Warehouse
from activity_score.publish import Build
from activity_score.raw_tables import connect, create_raw_tables

TODAY = date(2026, 3, 17)


def builds(*days_ago: int) -> list[Build]:
    """Builds in the order of their publication, by how many days before today they scored."""
    return [
        Build(Path(f"build-{number}"), {"as_of_date": (TODAY - timedelta(days=back)).isoformat()})
        for number, back in enumerate(days_ago)
    ]


@pytest.mark.parametrize(
    ("days_ago", "number"),
    [
        ((9, 8, 7, 6, 1), 2),  # seven days ago
        ((9, 8, 6, 1), 1),  # no build of that day: the newest before it
        ((7, 8, 7, 1), 2),  # built twice: the last
        ((3, 1), 0),  # a young warehouse: the oldest
        ((0, -1), None),  # nothing of an earlier day
        ((), None),
    ],
)
def test_the_build_of_seven_days_before(days_ago, number):
    found = earlier_build(builds(*days_ago), TODAY)
    assert found == (None if number is None else builds(*days_ago)[number])


def test_a_build_without_a_manifest_is_none():
    assert earlier_build([Build(Path("broken"), {})], TODAY) is None


def published(warehouse: Warehouse, day: date, tables: dict[str, list[tuple]]) -> None:
    folder = warehouse.builds / f"{day.isoformat()}_20260101T000000Z"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(f'{{"as_of_date": "{day.isoformat()}"}}')
    columns = {
        "scoring_settings": "tenant_id text, setting text, key text, value text, comment text",
        "developers": "developer_id text, tenant_id text, account_id text",
    }
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        connection.execute("create schema marts.marts")
        for name, rows in tables.items():
            connection.execute(f"create table marts.marts.{name} ({columns[name]})")
            for row in rows:
                connection.execute(f"insert into marts.marts.{name} values ({', '.join('?' * len(row))})", row)


def carried(warehouse: Warehouse) -> tuple[list, list]:
    carry_earlier_build(warehouse, TODAY)
    with connect(warehouse.work_database) as connection:
        return tuple(
            connection.execute(f"select * from raw_activity_score.{table} order by all").fetchall()
            for table in ("earlier_settings", "earlier_developers")
        )


@pytest.fixture
def warehouse(tmp_path):
    found = Warehouse(tmp_path)
    found.work.mkdir()
    with connect(found.work_database) as connection:
        create_raw_tables(connection, [])
        # what an earlier run of the same working database left
        connection.execute("insert into raw_activity_score.earlier_developers values ('old', 'old')")
    return found


def test_settings_and_developers_are_carried(warehouse):
    settings = [("default", "weight", "demo", "80.0", "why"), ("default", "window_days", "", "90", None)]
    developers = [("mira", "default", "acme"), ("lio", "default", None)]
    published(warehouse, TODAY - timedelta(days=7), {"scoring_settings": settings, "developers": developers})
    assert carried(warehouse) == (
        [("default", "weight", "demo", "80.0"), ("default", "window_days", "", "90")],
        [("lio", None), ("mira", "acme")],
    )


def test_nothing_of_the_run_before_stays(warehouse):
    assert carried(warehouse) == ([], [])


def test_a_build_that_lacks_a_table_lends_the_others(warehouse):
    published(warehouse, TODAY - timedelta(days=7), {"developers": [("mira", "default", "acme")]})
    assert carried(warehouse) == ([], [("mira", "acme")])
