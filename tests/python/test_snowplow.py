"""The enriched stream of Snowplow has no header: the declared order of its fields is what makes sense of them."""

from pathlib import Path

import duckdb
import pytest

from activity_score.load import load
from activity_score.project import load_project
from activity_score.sources import Table, system_tables

ROOT = Path(__file__).resolve().parents[2]
# Where Snowplow's documentation puts them, counted from 0.
PLACES = {
    "app_id": 0,
    "platform": 1,
    "etl_tstamp": 2,
    "collector_tstamp": 3,
    "event": 5,
    "event_id": 6,
    "user_id": 12,
    "domain_userid": 15,
    "network_userid": 17,
    "page_url": 29,
    "page_urlhost": 33,
    "page_urlpath": 35,
    "contexts": 52,
    "se_category": 53,
    "se_action": 54,
    "unstruct_event": 58,
    "useragent": 77,
    "br_family": 79,
    "br_type": 81,
    "derived_contexts": 122,
    "derived_tstamp": 124,
    "event_name": 126,
    "true_tstamp": 130,
}


@pytest.fixture(scope="module")
def events() -> Table:
    [table] = system_tables(load_project(ROOT), "snowplow")
    return table


def test_the_fields_of_the_enriched_stream_stand_where_snowplow_puts_them(events):
    assert len(events.tsv_columns) == len(set(events.tsv_columns)) == 131
    assert {name: events.tsv_columns.index(name) for name in PLACES} == PLACES


def test_every_declared_column_comes_with_the_stream_or_with_a_warehouse(events):
    others = {column for column in events.columns if column not in events.tsv_columns}
    assert {column for column in others if not column.startswith(("contexts_", "unstruct_event_"))} == {"load_tstamp"}


def test_a_line_of_the_stream_and_a_row_of_a_warehouse_load_alike(events, tmp_path):
    values = {name: f"the {name}" for name in PLACES if name in events.columns}
    fields = [values.get(name, "") for name in events.tsv_columns]
    (tmp_path / "data" / "snowplow" / "events").mkdir(parents=True)
    folder = tmp_path / "data" / "snowplow" / "events"
    short = fields[:-1]
    (folder / "part-0.tsv").write_text("\t".join(fields) + "\n" + "\t".join(short) + "\n")
    thin = {"EVENT_ID": "e2", "Collector_Tstamp": "2026-01-02", "user_id": "u2", "contexts_com_acme_unknown_1": "{}"}
    (folder / "part-1.csv").write_text(",".join(thin) + "\n" + ",".join(thin.values()) + "\n")
    rows = "select 'e3' as event_id, timestamptz '2026-01-02 03:04:05Z' as derived_tstamp,"
    rows += " [{'spider_or_robot': true}] as contexts_com_iab_snowplow_spiders_and_robots_1"
    duckdb.sql(f"copy ({rows}) to '{folder / 'part-2.parquet'}' (format parquet)")

    result = load([events], tmp_path / "data", tmp_path / "work.duckdb")

    assert (result.rows, result.unreadable) == ({"snowplow.events": 3}, 1)
    with duckdb.connect(str(tmp_path / "work.duckdb"), read_only=True) as connection:
        described = connection.execute("from raw_snowplow.events order by event_id")
        names = [column[0] for column in described.description]
        loaded = [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in described.fetchall()
        ]
        reasons = connection.execute("select reason from raw_activity_score.unreadable_records").fetchall()
    spider = {"contexts_com_iab_snowplow_spiders_and_robots_1": '[{"spider_or_robot":true}]'}
    assert loaded == [
        {"event_id": "e2", "collector_tstamp": "2026-01-02", "user_id": "u2"},
        {"event_id": "e3", "derived_tstamp": "2026-01-02 03:04:05+00", **spider},
        values,
    ]
    assert reasons == [("snowplow/events/part-0.tsv, line 2: 130 fields where a record has 131",)]
