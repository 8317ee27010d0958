"""Loading what is not one record a line: rows of XML, records inside JSON documents, and what a folder's name says."""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop import MUTATION, Shop, mutate, zstd

from activity_score.errors import UserError
from activity_score.project import Project
from activity_score.raw_files import find_files, unused_entries
from activity_score.sources import Table, declared_tables
from activity_score.xml_rows import split_xml_rows

VISITS = Table("shop", "visits", ("id", "at", "who", "note", "more"), required=("id",), is_activities=True)
PAGES = Table(
    "shop", "visits", ("id", "note", "channel"), is_activities=True, records=("page.visits", "visits"), bare_column="id"
)
ROOMS = Table(
    "shop",
    "visits",
    ("id", "room"),
    is_activities=True,
    files=("*/Visits.*",),
    skip_files=("rooms.json",),
    folder_column="room",
)
XML = b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\n<visits>\n'


def ids(shop: Shop) -> list[str]:
    return [row[0] for row in shop.visits()]


# XML


@pytest.mark.parametrize("form", ["xml", "xml.gz", "xml.zst", "one line"])
def test_a_row_is_an_element_and_its_attributes_are_the_columns(shop, form, tmp_path):
    row = b'  <row Id="1" AT="2026-01-02" Note="&lt;p&gt;a &amp; b > c&#xA;d&lt;/p&gt;" Other="x" />\n'
    content = XML + row + b'  <row Id="2"></row>\n</visits>'
    if form == "one line":
        shop.write("visits.xml", content.replace(b"\n", b" "))
    else:
        packed = {"xml": content, "xml.gz": gzip.compress(content), "xml.zst": zstd(content, tmp_path)}
        shop.write(f"visits.{form}", packed[form])
    result = shop.load(VISITS)
    assert shop.visits() == [
        ("1", "2026-01-02", None, "<p>a & b > c\nd</p>", None),
        ("2", None, None, None, None),
    ]
    assert result.unreadable == 0


BAD_XML = [
    (b'<row Id="8" Note="a & b" />', "not XML (not well-formed (invalid token) at line 4, column 22)"),
    (b'<row Id="8" Note="<b>" />', "not XML (not well-formed (invalid token) at line 4, column 19)"),
    (b'<row Id="8" Id="8" />', "not XML (duplicate attribute at line 4, column 13)"),
    (b'<row Id="8"', "not XML (unclosed token at line 4, column 1)"),
    (b'<row Id="8" Note="\xff" />', "not UTF-8 (byte 0xff at position 19)"),
    (b'<row Id="8" Note="&nothing;" />', "not XML (undefined entity at line 4, column 1)"),
    (b'<row Id="8" /> and more', "not XML (junk after document element at line 4, column 16)"),
    (b'<row Id="8"\n Note="a"b" />', "not XML (not well-formed (invalid token) at line 5, column 10)"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_XML, ids=range(len(BAD_XML)))
def test_a_bad_row_costs_itself_only(shop, bad, reason):
    shop.write("visits.xml", XML + b'  <row Id="7" />\n' + bad + b'\n<row Id="9" />\n</visits>\n')
    result = shop.load(VISITS)
    assert ids(shop) == ["7", "9"]
    assert shop.unreadable() == [(bad.decode("utf-8", "backslashreplace"), f"shop/visits.xml, line 4: {reason}")]
    assert result.unreadable == 1


def test_control_characters_which_xml_forbids_do_not_cost_the_row(shop):
    shop.write("visits.xml", XML + b'<row Id="1" Note="a&#x0E;b&#31;c\x0bd&#xA;e" /></visits>')
    shop.load(VISITS)
    assert shop.visits()[0][3] == "a\ufffdb\ufffdc\ufffdd\ne"


CUT_OFF = [
    (b'<row Id="7" />\n<row Id="8" Note="a', ["7"], "line 4: the file is cut off: not XML (unclosed token"),
    (b'<row Id="7" />\n<row Id="8" />\n', ["7", "8"], "line 5: the file is cut off: it has no </visits>"),
    (b"", [], "line 3: the file is cut off: it has no </visits>"),
]


@pytest.mark.parametrize(("rows", "loaded", "reason"), CUT_OFF, ids=range(len(CUT_OFF)))
def test_an_xml_file_that_is_cut_off_says_so(shop, rows, loaded, reason):
    shop.write("visits.xml", XML + rows)
    shop.load(VISITS)
    assert ids(shop) == loaded
    [(_, said)] = shop.unreadable()
    assert said.startswith(f"shop/visits.xml, {reason}")


@pytest.mark.parametrize("content", [XML + b"</visits>", b"<visits/>", b"<visits />\n", b""])
def test_xml_without_rows_is_an_empty_table(shop, content):
    shop.write("visits.xml", content)
    result = shop.load(VISITS)
    assert (result.rows, result.unreadable) == ({"shop.visits": 0}, 0)


WRONG_XML = {
    "not xml": (b"id,at\n1,2\n", "not XML with one element per row (it has no element); deliver it again"),
    "no id": (XML + b'<row At="1" Who="a b"/></visits>', "no column 'id'; it has At, Who; rename or add the column"),
    "cut gzip": (None, "the compressed file is damaged or cut off"),
}


@pytest.mark.parametrize("case", WRONG_XML)
def test_an_xml_file_that_cannot_be_used_is_named(shop, case):
    content, message = WRONG_XML[case]
    rows = b"".join(b'<row Id="%d" />\n' % number for number in range(50_000))
    name = "visits.xml" if content else "visits.xml.gz"
    shop.write(name, content or gzip.compress(XML + rows)[:-30])
    with pytest.raises(UserError) as raised:
        shop.load(VISITS)
    assert str(raised.value).startswith(f"shop/{name}: {message}")


def test_xml_is_read_piece_by_piece():
    """Rows come out while the file is still being read, wherever its pieces end."""
    rows = [b'  <row Id="%d" Note="a > b" />\n' % number for number in range(300)]
    content = XML + b"".join(rows) + b"</visits>"
    taken = 0

    def pieces():
        nonlocal taken
        for taken in range(0, len(content), 7):
            yield content[taken : taken + 7]

    found = []
    for record in split_xml_rows(pieces(), ["id"]):
        found.append((record.line, json.loads(record.raw)["id"]))
        assert taken <= len(XML) + (len(found) + 2) * len(rows[-1])
    assert found == [(3 + number, str(number)) for number in range(300)]


XML_BASE = XML + b'<row Id="1" Note="a" />\n<row Id="2" Note="b &lt; c" />\n<row Id="3" />\n<row Id="4" />\n</visits>\n'


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MUTATION, min_size=1, max_size=4))
def test_rows_are_loaded_or_set_aside(mutations):
    content = mutate(XML_BASE, XML_BASE.index(b"<row") + 4, mutations)
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.write("visits.xml", content)
        shop.load(Table("shop", "visits", VISITS.columns))
        set_aside = shop.unreadable()
        rows = sum(content.count(b"<row" + char) for char in (b" ", b"\n", b"\r", b"/", b">"))
        cut_off = sum(record == "" for record, _ in set_aside)
        assert len(shop.visits()) + len(set_aside) - cut_off == rows


# JSON documents


def test_records_lie_at_a_declared_path(shop):
    shop.write(
        "visits/1.json",
        json.dumps({"page": {"size": 2, "visits": [{"id": 1, "note": {"a": "é"}}, {"id": 2}]}}).encode(),
    )
    shop.write("visits/2.json", json.dumps({"visits": [{"id": 3}]}, indent=2).encode())
    shop.write("visits/3.jsonl", b'{"visits": [{"id": 4}]}\n{"visits": []}\n{"visits": [{"id": 5}]}\n')
    shop.write(
        "visits/4.json", json.dumps([{"page": {"visits": {"id": 6}}}, {"page": [{"visits": [{"id": 7}]}]}]).encode()
    )
    shop.write("visits/5.json.gz", gzip.compress(b'{"id": 8, "visits": 3}'))  # a column of that name is no path
    shop.write("visits/6.jsonl", b'{"id": 9}\n')
    result = shop.load(PAGES)
    assert ids(shop) == list("123456789")
    assert shop.visits()[0][1] == '{"a":"é"}'
    assert result.unreadable == 0


def test_a_document_longer_than_the_first_look_is_one(shop):
    shop.write("visits.json", json.dumps({"filler": "x" * 1_200_000, "visits": [{"id": 1}, {"id": 2}]}).encode())
    shop.load(PAGES)
    assert ids(shop) == ["1", "2"]


def test_a_bad_record_of_a_document_costs_itself_only(shop):
    shop.write("visits/1.json", b'{"size": 4,\n "visits": [{"id": 1}, null, [2], {"id": "\\ud800"}, {"id": 5}]}')
    shop.write("visits/2.jsonl", b'{"visits": [{"id": 6}]}\n{"visits": [{"id": \n{"visits": [{"id": 7}]}\n')
    result = shop.load(PAGES)
    assert ids(shop) == ["1", "5", "6", "7"]
    reasons = [reason for _, reason in shop.unreadable()]
    assert reasons[0].startswith("shop/visits/1.json, line 1: Malformed JSON")
    assert reasons[1:] == [
        "shop/visits/1.json, line 1: record 2 of visits: not a JSON object",
        "shop/visits/1.json, line 1: record 3 of visits: not a JSON object",
        "shop/visits/2.jsonl, line 2: not JSON (Expecting value at column 19)",
    ]
    assert result.unreadable == 4


def test_an_answer_that_holds_no_records_is_one_record(shop):
    shop.write("visits.jsonl", b'{"visits": [{"id": 1}]}\n{"ok": false, "error": "not_allowed"}\n')
    shop.load(PAGES)
    assert shop.visits() == [("1", None, None), (None, None, None)]


def test_a_bare_value_fills_the_column_made_for_it(shop):
    shop.write("visits.json", b'{"visits": ["U1", 2, true]}')
    shop.load(PAGES)
    assert ids(shop) == ["2", "U1"]
    assert shop.unreadable() == [("true", "shop/visits.json, line 1: record 3 of visits: not a JSON object")]


def test_a_damaged_document_is_named(shop):
    shop.write("visits.json", b'{"visits": [{"id": 1},\n {"id"')
    with pytest.raises(UserError, match=r"shop/visits\.json: the JSON is damaged or cut off \(line 2"):
        shop.load(PAGES)


# folders


def test_the_folder_fills_the_column_made_for_it(shop):
    day = b'[{"id": "a"}, {"id": "b", "room": "own"}]'
    shop.write("visits/main/2026-01-01.json", day)
    shop.write("visits/main/2026-01-02.json", b'[\n{"id": "c"},\n 5]')  # taken apart
    shop.write("visits/_hall 'x'/1.csv", b"id\nd\n")
    shop.write("visits/deep/lab/1.jsonl", b'{"id": "e"}\n')
    shop.write("visits/more/1.xml", b'<v><row id="f"/></v>')
    shop.write("visits/plain.jsonl", b'{"id": "g"}\n')
    shop.write("visits/rooms.json", b'[{"name": "main"}]')
    shop.write("visits/_SUCCESS", b"")
    shop.load(ROOMS)
    assert shop.query("select id, room from raw_shop.visits order by id") == [
        ("a", "main"),
        ("b", "own"),
        ("c", "main"),
        ("d", "_hall 'x'"),
        ("e", "lab"),
        ("f", "more"),
        ("g", None),
    ]
    assert shop.unreadable() == [("5", "shop/visits/main/2026-01-02.json, line 3: not a JSON object")]


def test_underscored_folders_are_passed_over_where_their_name_is_no_data(shop):
    shop.write("visits/_temporary/1.csv", b"id\n1\n")
    shop.write("visits/2.csv", b"id\n2\n")
    shop.load(VISITS)
    assert ids(shop) == ["2"]


def test_files_declared_elsewhere_below_the_system_belong_to_the_table(shop):
    shop.write("main.example/Visits.xml", b'<v><row Id="1"/></v>')
    shop.write("other.example/Visits.csv", b"id\n1\n")
    shop.write("main.example/Badges.xml", b"")
    shop.write("elsewhere/Notes.xml", b"")
    shop.write("VISITS.csv", b"id\n2\n")
    shop.load(ROOMS)
    rows = [("1", "main.example"), ("1", "other.example"), ("2", None)]
    assert shop.query("select id, room from raw_shop.visits order by all") == rows
    assert unused_entries(shop.data, [ROOMS]) == ["shop/elsewhere"]


@pytest.mark.parametrize("name", ["Visits.csv", "visits.csv", "visits/1.csv"])
def test_capitals_in_the_name_of_a_table_do_not_matter(shop, name):
    table = Table("shop", "Visits", ("id",), is_activities=True)
    shop.write(name, b"id\n1\n")
    assert shop.load(table).rows == {"shop.Visits": 1}
    assert unused_entries(shop.data, [table]) == []


def test_a_file_found_twice_is_read_once(shop):
    shop.write("visits/Visits.csv", b"id\n1\n")
    assert [file.label for file in find_files(shop.data, ROOMS)] == ["shop/visits/Visits.csv"]


def test_what_a_table_declares(tmp_path):
    project = Project(tmp_path, {"sources": ["shop"]})
    file = project.sources_file("shop")
    file.parent.mkdir(parents=True)
    file.write_text(
        "sources:\n- name: shop\n  tables:\n  - name: visits\n"
        "    config: {meta: {activities: true, records: [a.b], files: ['*/x.*'], skip_files: [y.json]}}\n"
        "    columns:\n    - {name: id, config: {meta: {bare_record: true}}}\n"
        "    - {name: room, config: {meta: {from_folder: true}}}\n"
    )
    assert declared_tables(project) == [
        Table(
            "shop",
            "visits",
            ("id", "room"),
            is_activities=True,
            records=("a.b",),
            files=("*/x.*",),
            skip_files=("y.json",),
            folder_column="room",
            bare_column="id",
        )
    ]
