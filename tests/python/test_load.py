"""Loading: files of every format give the same text, and what the build before published is carried on."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from io import StringIO

import duckdb
import pytest
from shop import FEED, HEADER, OTHER, Shop, parquet, zstd

from activity_score.load import load
from activity_score.sources import Table


def test_every_format_gives_the_same_text(shop):
    record = {
        "id": "1",
        "at": "2026-01-02T03:04:05Z",
        "who": "ann@acme.example",
        "note": 'a "b", c',
        "more": {"x": [1]},
    }
    text = {**record, "more": json.dumps(record["more"], separators=(",", ":"))}
    out = StringIO()
    writer = csv.DictWriter(out, list(text), delimiter="\t")
    writer.writeheader()
    writer.writerow(text)
    tsv = out.getvalue().encode()
    out = StringIO()
    writer = csv.DictWriter(out, list(text))
    writer.writeheader()
    writer.writerow(text)
    plain = out.getvalue().replace("\r\n", "\n").encode()
    line = json.dumps(record).encode() + b"\n"
    shop.write("visits/1.csv", plain)
    shop.write("visits/2.tsv", tsv)
    shop.write("visits/deep/3.csv.gz", gzip.compress(plain))
    shop.write("visits/deep/4.csv.zst", zstd(plain, shop.data.parent))
    shop.write("visits/5.jsonl", line)
    shop.write("visits/6.ndjson.gz", gzip.compress(line))
    shop.write("visits/7.jsonl.zst", zstd(line, shop.data.parent))
    shop.write("visits/8.json", line)
    shop.write("visits/9.json", json.dumps([record], indent=2).encode())
    shop.write("visits/10.json.gz", gzip.compress(json.dumps(record, indent=2).encode()))
    fields = (
        "'1' as id, '2026-01-02T03:04:05Z' as at, 'ann@acme.example' as who, 'a \"b\", c' as note, {'x': [1]} as more"
    )
    parquet(shop.write("visits/11.parquet", b""), f"select {fields}")
    result = shop.load()
    assert shop.visits() == [tuple(text.values())] * 11
    assert (result.rows, result.unreadable, result.files) == ({"shop.visits": 11, "shop.people": 0}, 0, 11)


def test_parquet_types_become_text_in_utc(shop):
    parquet(
        shop.write("visits.parquet", b""),
        "select 12345678901 as id, timestamptz '2026-01-02 03:04:05+02' as at, true as who, [{'a': null}] as note",
    )
    shop.load()
    assert shop.visits() == [("12345678901", "2026-01-02 01:04:05+00", "true", '[{"a":null}]', None)]


def test_parquet_files_read_where_they_lie_have_the_declared_columns(shop):
    feed = replace(FEED, is_append=True)
    parquet(shop.write("visits/1.parquet", b""), "select 'ann' as who, 1 as id")
    parquet(shop.write("visits/2.parquet", b""), "select {'a': 1} as note, 2.0::double as ID")
    assert shop.load(feed).rows == {"shop.visits": 2}
    assert shop.query("select * from (describe raw_shop.visits)") == [
        (name, "VARCHAR", "YES", None, None, None) for name in FEED.columns
    ]
    assert shop.visits() == [("1", None, "ann", None, None), ("2", None, None, '{"a":1}', None)]


def test_columns_are_matched_by_name_in_every_part(shop):
    shop.write("visits/a.csv", b"id,at,who\n1,2,3\n")
    shop.write("visits/b.csv", b"\xef\xbb\xbfwho,unknown,ID , at\n3,x,1,2\n")  # a byte-order mark, spaces, capitals
    shop.write("visits/c.csv", b"at,id\n2,1\n")
    shop.write("visits/d.csv", b"id,at,,\n1,2,,\n")  # two columns without a name
    shop.load()
    whole = ("1", "2", "3", None, None)
    part = ("1", "2", None, None, None)
    assert sorted(shop.visits(), key=str) == sorted([whole, whole, part, part], key=str)


def test_quoted_line_breaks_belong_to_the_value(shop):
    shop.write("visits.csv", HEADER + b'1,2,3,"two\nlines, and ""quotes""",5\r\n\n2,,,"\r\n\nx",\n')
    result = shop.load()
    assert shop.visits() == [("1", "2", "3", 'two\nlines, and "quotes"', "5"), ("2", None, None, "\r\n\nx", None)]
    assert result.unreadable == 0


def test_a_repeated_header_is_a_row_for_staging_to_judge(shop):
    shop.write("visits.csv", HEADER + b"1,2,3,4,5\n" + HEADER)
    shop.load()
    assert ("id", "at", "who", "note", "more") in shop.visits()


@pytest.mark.parametrize("content", [b"", b"\n", HEADER, HEADER.strip()])
def test_empty_files_are_empty_tables(shop, content):
    shop.write("visits.csv", content)
    shop.write("people.csv.gz", b"")
    assert shop.load().rows == {"shop.visits": 0, "shop.people": 0}


def test_glob_characters_in_names_mean_themselves(tmp_path):
    shop = Shop(tmp_path / "a[1]*")
    shop.write("visits/x*.csv", HEADER + b"1,,,,\n")
    shop.write("visits/xy.csv", HEADER + b"2,,,,\n")
    shop.write("visits/more=1/y.csv", HEADER + b"3,,,,\n")  # not a Hive partition either
    shop.write("visits/more=1/y.jsonl", b'{"id": 4}\n')
    shop.load()
    assert [(row[0], row[4]) for row in shop.visits()] == [("1", None), ("2", None), ("3", None), ("4", None)]


def test_a_system_without_files_is_empty_and_resting_tables_exist(shop):
    shop.write("visits.csv", HEADER)
    resting = Table("rest", "things", ("a-b",))
    load([FEED, OTHER], shop.data, shop.database, resting=[resting])
    assert shop.query('select count("a-b") from raw_rest.things') == [(0,)]


def test_the_history_of_the_build_before_is_carried_on(shop):
    shop.write("visits.csv", HEADER + b"1,2026-01-02,mira,,\n")
    history = shop.data.parent / "marts.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{history}' as published; use published; create schema marts")
        connection.execute(
            """
            create table marts.score_publications as
            select timestamp '2026-01-02 03:04:05' as published_at, date '2026-01-01' as as_of_date,
                'v1' as model_version, 'a1' as account_id, 12.5::decimal(5, 2) as activity_score
            """
        )
    load((FEED, OTHER), shop.data, shop.database, history)  # as a build published it that knew no segments
    assert shop.query("select account_id from raw_activity_score.publications") == [("a1",)]
    assert shop.query("from raw_activity_score.segment_changes") == []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{history}' as published; use published")
        connection.execute(
            """
            create table marts.segment_changes as
            select date '2026-01-01' as changed_on, 'high' as segment, 'a1' as account_id, 'entered' as change
            """
        )
    shop.database.unlink()
    load((FEED, OTHER), shop.data, shop.database, history)
    columns = "segment, account_id, change, changed_on::varchar"
    found = shop.query(f"select {columns} from raw_activity_score.segment_changes")
    assert found == [("high", "a1", "entered", "2026-01-01")]
    load((FEED, OTHER), shop.data, shop.database)
    assert shop.query("from raw_activity_score.segment_changes") == []
