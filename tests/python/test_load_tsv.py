"""TSV without a header: the fields in the order that the table declares."""

from __future__ import annotations

import gzip
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop import MUTATION, Shop, lines_of, mutate, zstd

from activity_score.load import load
from activity_score.sources import Table

ENRICHED = Table(
    "shop", "hits", ("id", "page", "json"), ("id",), True, tsv_columns=("app", "id", "page", "json", "end")
)


def hits(shop: Shop) -> list[tuple]:
    return shop.query("select * from raw_shop.hits order by id")


@pytest.mark.parametrize("form", ["plain", "gz", "zst", "folder"])
def test_a_tsv_without_header_has_the_declared_fields(shop, form, tmp_path):
    content = '\t1\t"Hello" \u00e9\t{"a": "b\\"c"}\t\n\na\t2\t"\t\tx\n'
    if form == "zst":
        shop.write("hits.tsv.zst", zstd(content.encode(), tmp_path))
    elif form == "folder":
        for number, line in enumerate(content.split("\n\n")):
            shop.write(f"hits/part-{number}.tsv", line.encode())
    else:
        shop.write(
            "hits.tsv" + ".gz" * (form == "gz"), gzip.compress(content.encode()) if form == "gz" else content.encode()
        )
    result = shop.load(ENRICHED)
    assert hits(shop) == [("1", '"Hello" \u00e9', '{"a": "b\\"c"}'), ("2", '"', None)]
    assert result.unreadable == 0


BAD_FIELDS = [
    (b"a\t7\t\t", "4 fields where a record has 5"),
    (b"a\t7\tt\ta\tb\t", "6 fields where a record has 5"),
    (b"words", "1 fields where a record has 5"),
    (b"a\t7\tx\ry\t\t", "a carriage return within the line"),
    (b"a\t7\t\xff\t\t", "not UTF-8 (byte 0xff at position 5)"),
]


@pytest.mark.parametrize("form", ["plain", "gz"])
@pytest.mark.parametrize(("bad", "reason"), BAD_FIELDS, ids=range(len(BAD_FIELDS)))
def test_a_line_of_another_width_costs_itself_only(shop, bad, reason, form):
    content = b'a\t1\t"p\t{"x": 1}\t\r\n' + bad + b"\n\t2\t\t\t"
    shop.write("hits.tsv" + ".gz" * (form == "gz"), gzip.compress(content) if form == "gz" else content)
    result = shop.load(ENRICHED)
    assert hits(shop) == [("1", '"p', '{"x": 1}'), ("2", None, None)]
    name = "shop/hits.tsv" + ".gz" * (form == "gz")
    assert shop.unreadable() == [(bad.decode("utf-8", "backslashreplace"), f"{name}, line 2: {reason}")]
    assert result.unreadable == 1


def test_moved_fields_of_a_zstd_file_are_noticed(shop, tmp_path):
    shop.write("hits.tsv.zst", zstd(b"a\t1\tp\t\t\na\t7\tt\ta\tb\t\na\t2\tp\t\t\n", tmp_path))
    shop.load(ENRICHED)
    assert hits(shop) == [("1", "p", None), ("2", "p", None)]
    assert shop.unreadable() == [("a\t7\tt\ta\tb\t", "shop/hits.tsv.zst, line 2: 6 fields where a record has 5")]


@pytest.mark.parametrize("header", [b"", b"app\tid\tpage\tjson\tend\n"], ids=["without", "with"])
def test_of_a_tsv_that_grew_only_the_added_lines_are_read(shop, header):
    feed = replace(ENRICHED, is_append=True)
    file = shop.write("hits.tsv", header + b"a\t1\t/a\t\t\nb\t2\t/b\t\t\n")
    shop.load(feed)
    with file.open("ab") as stream:
        stream.write(b"c\t3\t/c\t\t\nd\t4\n")
    result = load([feed], shop.data, shop.database, goes_on=True)
    assert hits(shop) == [("3", "/c", None)]
    assert (result.rows, result.unreadable) == ({"shop.hits": 3}, 1)


def test_a_tsv_that_does_name_its_columns_is_read_by_name(shop):
    shop.write("hits.tsv", b'page\t"ID"\n"/a"\t1\n')
    shop.load(ENRICHED)
    assert hits(shop) == [("1", "/a", None)]
    shop.write("hits.tsv", b"id\tpage\tjson\n1\t/a\t{}\n")
    shop.load(Table("shop", "hits", ENRICHED.columns, tsv_columns=ENRICHED.columns))
    assert hits(shop) == [("1", "/a", "{}")]


def test_other_formats_of_such_a_table_keep_their_names(shop):
    shop.write("hits.csv", b"page,id\n/a,1\n")
    shop.load(ENRICHED)
    assert hits(shop) == [("1", "/a", None)]


FIELDS_BASE = b'a\t1\t"b\t{"c": "d"}\t\n\t2\t\t\te\nf\t3\tg\th\ti\n'


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MUTATION, min_size=1, max_size=6))
def test_lines_without_header_are_loaded_or_set_aside(mutations):
    content = mutate(FIELDS_BASE, 0, mutations)
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.write("hits.tsv", content)
        assert sum(shop.load(ENRICHED).rows.values()) + len(shop.unreadable()) == lines_of(content)
