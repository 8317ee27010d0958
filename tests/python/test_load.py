"""Loading: what is in the files ends in the raw tables or, with a reason, among the unreadable records."""

from __future__ import annotations

import csv
import gzip
import json
import os
import tempfile
from dataclasses import replace
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity_score.errors import UserError
from activity_score.load import LoadResult, load
from activity_score.project import Project
from activity_score.raw_files import find_files, unused_entries
from activity_score.sources import Table, declared_tables

FEED = Table("shop", "visits", ("id", "at", "who", "note", "more"), required=("id",), is_activities=True)
OTHER = Table("shop", "people", ("email", "name"), required=("email",))
HEADER = b"id,at,who,note,more\n"


class Shop:
    """A data directory, and what loading it gives."""

    def __init__(self, folder: Path) -> None:
        self.data, self.database = folder / "data", folder / "work.duckdb"
        (self.data / "shop").mkdir(parents=True)

    def write(self, name: str, content: bytes) -> Path:
        file = self.data / "shop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def load(self, *tables: Table) -> LoadResult:
        self.database.unlink(missing_ok=True)
        return load(tables or (FEED, OTHER), self.data, self.database)

    def query(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def visits(self) -> list[tuple]:
        return self.query("select * from raw_shop.visits order by id, note")

    def unreadable(self) -> list[tuple[str, str]]:
        return self.query("select record, reason from raw_activity_score.unreadable_records order by reason")


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def parquet(file: Path, query: str) -> None:
    duckdb.sql(f"copy ({query}) to '{file}' (format parquet)")


def zstd(content: bytes, folder: Path) -> bytes:
    """DuckDB writes zstd; its lines come out as they went in."""
    lines = duckdb.sql("select unnest($1) as line", params=[content.decode().splitlines()])  # noqa: F841 - in the SQL
    file = folder / "made.csv.zst"
    duckdb.sql(f"copy lines to '{file}' (format csv, header false, quote '', delim '\x01', compression zstd)")
    return file.read_bytes()


# formats


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


# what cannot be read

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


# TSV without a header: the fields in the order that the table declares

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


# what stops the build: one line that names the file and the mend

GOOD = HEADER + b"1,2,3,4,5\n" * 2000
WRONG = {
    "missing column": ("visits.csv", b"at,who\n1,2\n", "visits.csv: no column 'id'; it has at, who; rename"),
    "missing key": ("visits.jsonl", b'{"at": 1}\n{"at": 2}\n', "visits.jsonl: no column 'id'; it has at; rename"),
    "twice": ("visits.csv", b"id,at,id\n1,2,3\n", "visits.csv: the column 'id' is there 2 times; keep one"),
    "utf-16": ("visits.csv", HEADER.decode().encode("utf-16"), "visits.csv: the file is not UTF-8 (it looks like UTF"),
    "utf-16 json": ("visits.jsonl", '{"id": 1}\n'.encode("utf-16-be"), "visits.jsonl: the file is not UTF-8"),
    "bad header": ("visits.csv", b"id,\xff\n1,2\n", "visits.csv: the header is not UTF-8 (byte 0xff"),
    "open header": ("visits.csv", b'id,"at\n1,2\n', "visits.csv: the header cannot be read"),
    "cut gzip": ("visits.csv.gz", gzip.compress(GOOD)[:-30], "visits.csv.gz: the compressed file is damaged or cut"),
    "gzip checksum": ("visits.csv.gz", gzip.compress(GOOD)[:-8] + b"\0" * 8, "visits.csv.gz: the compressed file is"),
    "not gzip": ("visits.csv.gz", GOOD, "visits.csv.gz: the compressed file is damaged or cut off"),
    "not zstd": ("visits.csv.zst", GOOD, "visits.csv.zst: damaged, or not zstd"),
    "not parquet": ("visits.parquet", GOOD, "visits.parquet: not a Parquet file"),
    "empty parquet": ("visits.parquet", b"", "visits.parquet: not a Parquet file"),
    "damaged array": ("visits.json", b'[{"id": 1},\n {"id"', "visits.json: the JSON is damaged or cut off (line 2"),
    "unknown kind": ("visits/notes.docx", b"", "visits/notes.docx: not a kind of file that is read"),
    "packed parquet": ("visits.parquet.gz", b"", "visits.parquet.gz: not a kind of file that is read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_cannot_be_used_is_named(shop, case):
    name, content, message = WRONG[case]
    shop.write(name, content)
    with pytest.raises(UserError) as raised:
        shop.load()
    assert str(raised.value).startswith(f"shop/{message}")
    assert "; " in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_zstd_file_that_was_cut_off_is_named(shop, cut, tmp_path):
    rows = HEADER + b"".join(f"{number},{number * 7919 % 1013},,,\n".encode() for number in range(30_000))
    shop.write("visits.csv.zst", zstd(rows, tmp_path)[:-cut])
    with pytest.raises(UserError, match=r"visits\.csv\.zst: the compressed file is cut off"):
        shop.load()


def test_a_damaged_page_of_a_parquet_file_is_named(shop):
    file = shop.write("visits.parquet", b"")
    parquet(file, "select md5(i::varchar) as id from range(50000) as numbers (i)")
    content = bytearray(file.read_bytes())
    content[1000:9000] = b"\xff" * 8000
    file.write_bytes(bytes(content))
    with pytest.raises(UserError, match=r"shop/visits\.parquet: the file is damaged .*; deliver it again"):
        shop.load()


def test_two_candidates_for_one_table_are_refused(shop):
    shop.write("visits.csv", HEADER)
    shop.write("visits/part.csv", HEADER)
    with pytest.raises(UserError, match=r"shop/: both visits and visits.csv would be the table visits; keep one"):
        shop.load()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_named(shop):
    folder = shop.write("visits/part.csv", HEADER).parent
    folder.chmod(0)
    try:
        with pytest.raises(UserError, match="visits: not readable"):
            shop.load()
    finally:
        folder.chmod(0o755)


def test_without_activities_it_says_where_they_were_expected(shop):
    shop.write("people.csv", b"email\nann@acme.example\n")
    with pytest.raises(UserError, match=r"no activities found; .*data/shop/visits.csv"):
        shop.load()


def test_a_misspelt_file_is_noticed(shop):
    shop.write("vists.csv", HEADER)
    shop.write("_SUCCESS", b"")
    (shop.data / "shoop").mkdir()
    assert unused_entries(shop.data, [FEED, OTHER]) == ["shoop/", "shop/vists.csv"]
    assert find_files(shop.data, FEED) == []


# sources


def test_a_system_without_a_folder_is_named(tmp_path):
    (tmp_path / "models" / "staging" / "generic").mkdir(parents=True)
    with pytest.raises(UserError, match=r"vars: sources: there is no source system 'nowhere' .*; known are generic"):
        declared_tables(Project(tmp_path, {"sources": ["nowhere"]}))


def test_declared_columns_and_required_flags(tmp_path):
    project = Project(tmp_path, {"sources": ["shop"]})
    file = project.sources_file("shop")
    file.parent.mkdir(parents=True)
    file.write_text(
        "sources:\n- name: shop\n  tables:\n  - name: visits\n    config: {meta: {activities: true}}\n    columns:\n"
        "    - {name: id, config: {meta: {required: true}}}\n    - {name: at}\n"
    )
    assert declared_tables(project) == [Table("shop", "visits", ("id", "at"), ("id",), True)]
    file.write_text(
        "sources:\n- name: shop\n  tables:\n  - name: hits\n    config: {meta: {tsv_columns: [app, id]}}\n"
        "    columns:\n    - {name: id}\n"
    )
    assert declared_tables(project) == [Table("shop", "hits", ("id",), tsv_columns=("app", "id"))]
    file.write_text("sources: 5")
    with pytest.raises(UserError, match=r"_shop__sources\.yml: not readable"):
        declared_tables(project)


# nothing is lost: the lines of a file are the lines of what was loaded and of what was set aside

CSV_BASE = HEADER + b'1,a,b,"c ""d"", e",f\n2,g,h,"i\nj",k\n3,l,m,n,o\n4,p,q,r,"s"\n'
JSON_BASE = b'{"id": 1, "at": "a"}\n{"id": 2, "more": {"x": [1, "y"]}}\n{"id": "3", "note": "\\u00e9"}\n{"id": 4}\n'
FIELDS_BASE = b'a\t1\t"b\t{"c": "d"}\t\n\t2\t\t\te\nf\t3\tg\th\ti\n'
MUTATION = st.tuples(
    st.integers(0, 10_000), st.sampled_from([b"", b'"', b",", b"\n", b"\r", b"\xff", b"\0", b"{", b"}"])
)


def mutate(content: bytes, first: int, mutations: list[tuple[int, bytes]]) -> bytes:
    """Replace (or remove) single bytes from a position on."""
    for position, byte in mutations:
        place = first + position % (len(content) - first)
        content = content[:place] + byte + content[place + 1 :]
    return content


def lines_of(text: bytes) -> int:
    return sum(1 for line in text.split(b"\n") if line.strip())


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
def test_lines_without_header_are_loaded_or_set_aside(mutations):
    content = mutate(FIELDS_BASE, 0, mutations)
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.write("hits.tsv", content)
        assert sum(shop.load(ENRICHED).rows.values()) + len(shop.unreadable()) == lines_of(content)


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


# history


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
