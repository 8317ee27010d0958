"""What cannot be read costs itself only: every line of a file is loaded or, with a reason, set aside."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop import FEED, HEADER, MUTATION, Shop, lines_of, mutate, zstd

from activity_score.sources import Table

BAD_CSV = [
    (b"1,2\n", "2 fields where the header has 5"),
    (b"1,2,3,4,5,6\n", "6 fields where the header has 5"),
    (b'1,"2,3,4,5\n', "a quote is not closed, or not doubled inside quotes"),
    (b'1,"2"x,3,4,5\n', "',' expected after '\"'"),
    (b"1,\xff,3,4,5\n", "not UTF-8 (byte 0xff at position 3)"),
    (b"1,2\r3,3,4,5\n", "a carriage return within the line"),
    (b"1," + b"x" * 3_000_000 + b",3,4,5\n", "Maximum line size of 2000000 bytes exceeded"),
]
BAD_JSON = [
    (b"5\n", "not a JSON object"),
    (b'[{"id": 1}]\n', "not a JSON object"),
    (b'{"id": 1\n', "not JSON (Expecting ',' delimiter at column 9)"),
    (b'{"id": 1} x\n', "not JSON (Extra data at column 11)"),
    (b'{"id": "\xff"}\n', "not UTF-8 (byte 0xff at position 9)"),
    (b'{"id": "\\ud800"}\n', "Malformed JSON in file"),  # only DuckDB minds half a surrogate pair
    (b'{"id": 1, "id": 2}\n', "JSON transform error in file"),
]


@pytest.mark.parametrize("form", ["plain", "gz"])
@pytest.mark.parametrize(("bad", "reason"), BAD_CSV, ids=range(len(BAD_CSV)))
def test_a_bad_csv_line_costs_itself_only(shop, bad, reason, form):
    content = HEADER + b"7,,,,\n" + bad + b"8,,,,\n9,,,,\n"
    shop.write("visits.csv" + ".gz" * (form == "gz"), gzip.compress(content) if form == "gz" else content)
    result = shop.load()
    assert [row[0] for row in shop.visits()] == ["7", "8", "9"]
    [(record, said)] = shop.unreadable()
    name = "shop/visits.csv" + ".gz" * (form == "gz")
    assert said.startswith(f"{name}, line 3: {reason}")
    assert record == bad.decode("utf-8", "backslashreplace").removesuffix("\n")
    assert result.unreadable == 1


@pytest.mark.parametrize("other", [b"", b"1,2\n"], ids=["fast", "salvaged"])
def test_an_empty_field_too_many_at_the_end_of_a_line_is_none(shop, other):
    shop.write("visits.csv", HEADER + b"7,a,b,c,d,\n8,,,,,\r\n" + other + b'9,"a,\nb",,,"",\n')
    shop.load()
    assert shop.visits() == [("7", "a", "b", "c", "d"), ("8", None, None, None, None), ("9", "a,\nb", None, None, None)]
    assert len(shop.unreadable()) == bool(other)


@pytest.mark.parametrize("position", range(7))
def test_a_bad_byte_costs_its_line_only_whatever_columns_are_wanted(shop, position):
    fields = [b"x"] * 7
    fields[position] = b"\xff"
    shop.write("visits.csv", b"id,a,at,b,who,note,c\n7,,,,,,\n" + b",".join(fields) + b"\n8,,,,,,\n")
    shop.load()
    assert [row[0] for row in shop.visits()] == ["7", "8"]
    [(_, said)] = shop.unreadable()
    assert said.startswith("shop/visits.csv, line 3: not UTF-8 (byte 0xff")


def test_bad_lines_of_a_zstd_file_cost_themselves_only(shop, tmp_path):
    lines = HEADER.decode() + '7,\u00e9,,"x\ny",\n1,2\n8,"3,,,\n9,,,,\n'
    shop.write("visits.csv.zst", zstd(lines.encode(), tmp_path))
    shop.load()
    assert shop.visits() == [("7", "\u00e9", None, "x\ny", None), ("9", None, None, None, None)]
    assert shop.unreadable() == [
        ("1,2", "shop/visits.csv.zst, line 4: 2 fields where the header has 5"),
        ('8,"3,,,', "shop/visits.csv.zst, line 5: a quote is not closed, or not doubled inside quotes"),
    ]


@pytest.mark.parametrize("name", ["visits.jsonl", "visits.json"])
@pytest.mark.parametrize(("bad", "reason"), BAD_JSON, ids=range(len(BAD_JSON)))
def test_a_bad_json_line_costs_itself_only(shop, bad, reason, name):
    shop.write(name, b'{"id": 7}\n' + bad + b'{"id": 8}\n\n{"id": 9}')
    shop.load()
    assert [row[0] for row in shop.visits()] == ["7", "8", "9"]
    [(record, said)] = shop.unreadable()
    assert said.startswith(f"shop/{name}, line 2: {reason}")
    assert record == bad.decode("utf-8", "backslashreplace").strip()


def test_two_stray_quotes_do_not_swallow_the_records_between(shop):
    shop.write("visits.csv", HEADER + b'1,"a,b,c,d\n2,,,,\n3,,,,\n4,a",b,c,d\n')
    shop.load()
    assert [row[0] for row in shop.visits()] == ["2", "3", "4"]
    assert shop.unreadable() == [
        ('1,"a,b,c,d', "shop/visits.csv, line 2: a quote is not closed: the lines after it are records of their own")
    ]


def test_a_bad_element_of_an_array_is_set_aside(shop):
    shop.write("visits.json", b'[{"id": 1.50},\n 5,\n {"id": 2, "note": {"a": "x\\n"}}]')
    shop.load()
    assert [row[0] for row in shop.visits()] == ["1.5", "2"]
    assert shop.unreadable() == [("5", "shop/visits.json, line 2: not a JSON object")]


def test_one_bad_part_does_not_hide_the_others(shop):
    for number in range(5):
        shop.write(f"visits/{number}.csv", HEADER + f"{number},,,,\n".encode())
    shop.write("visits/bad.csv", HEADER + b"5,,,,\nx,y\n")
    result = shop.load()
    assert [row[0] for row in shop.visits()] == ["0", "1", "2", "3", "4", "5"]
    assert result.unreadable == 1


CSV_BASE = HEADER + b'1,a,b,"c ""d"", e",f\n2,g,h,"i\nj",k\n3,l,m,n,o\n4,p,q,r,"s"\n'
JSON_BASE = b'{"id": 1, "at": "a"}\n{"id": 2, "more": {"x": [1, "y"]}}\n{"id": "3", "note": "\\u00e9"}\n{"id": 4}\n'


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MUTATION, min_size=1, max_size=6))
def test_csv_lines_are_loaded_or_set_aside(mutations):
    content = mutate(CSV_BASE, len(HEADER), mutations)
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.write("visits.csv", content)
        shop.load()
        loaded = 0
        for row in shop.visits():
            breaks = [value.split("\n")[1:] for value in row if value and "\n" in value]
            loaded += 1 + sum(1 + sum(bool(line.strip()) for line in lines[:-1]) for lines in breaks)
        assert loaded + len(shop.unreadable()) == lines_of(content[len(HEADER) :])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MUTATION, min_size=1, max_size=6))
def test_json_lines_are_loaded_or_set_aside(mutations):
    content = mutate(JSON_BASE, 1, mutations)
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.write("visits.jsonl", content)
        assert sum(shop.load(Table("shop", "visits", FEED.columns)).rows.values()) + len(shop.unreadable()) == lines_of(
            content
        )
