"""Exported files of every format equal the marts, and none of their texts is a formula."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pandas as pd
import pytest
from exported import columns, published
from published_by_hand import FORMULAS, PLAIN


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger", "segment_members"])
def test_parquet_equals_the_mart_with_its_types(export, two_builds, mart):
    done = export("--mart", mart, "--format", "parquet")
    assert done.parquet(mart) == published(two_builds, f"from {mart} order by all")
    with duckdb.connect() as connection:
        described = connection.execute(f"describe from '{done.out}/{mart}.parquet'").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == columns(two_builds, mart)
    file = done.manifest["files"][0]
    assert [(column["name"], column["type"]) for column in file["columns"]] == columns(two_builds, mart)


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger"])
def test_json_lines_equal_the_mart(export, two_builds, mart):
    done = export("--mart", mart, "--format", "jsonl")
    lines = (done.out / f"{mart}.jsonl").read_text(encoding="utf-8").splitlines()
    expected = published(two_builds, f"from {mart} order by all")
    names = [name for name, _ in columns(two_builds, mart)]
    assert [list(json.loads(line)) for line in lines] == [names] * len(expected)

    def plain(value):
        if isinstance(value, Decimal):
            return float(value)
        return str(value) if isinstance(value, date | datetime) else value

    assert [tuple(json.loads(line).values()) for line in lines] == [tuple(map(plain, row)) for row in expected]


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger"])
def test_csv_equals_the_mart(export, two_builds, mart):
    done = export("--mart", mart)
    expected = published(two_builds, f"from {mart} order by all")
    names = [name for name, _ in columns(two_builds, mart)]

    def as_text(value) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str) and value in [*FORMULAS, "=HYPERLINK(1)", "-Eve"]:
            return f"'{value}"
        return "" if value is None else str(value)

    assert [tuple(row.values()) for row in done.csv(mart)] == [tuple(map(as_text, row)) for row in expected]
    frame = pd.read_csv(done.out / f"{mart}.csv")
    assert list(frame.columns) == names
    for position, (name, kind) in enumerate(columns(two_builds, mart)):
        if kind in ("DOUBLE", "BIGINT") or kind.startswith("DECIMAL"):
            assert frame[name].tolist() == [float(row[position]) for row in expected], name


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger"])
def test_a_workbook_equals_the_mart_with_its_types(export, two_builds, mart):
    sheet = export("--mart", mart, "--format", "xlsx").sheet(mart)
    expected = published(two_builds, f"from {mart} order by all")
    names = [name for name, _ in columns(two_builds, mart)]
    found = list(sheet.iter_rows(values_only=True))
    assert list(found[0]) == names

    def in_excel(value):
        if isinstance(value, Decimal | float):
            return pytest.approx(float(value), rel=1e-15)  # a workbook writes 16 digits
        if isinstance(value, datetime):
            return value.replace(microsecond=value.microsecond // 1000 * 1000)  # a workbook knows milliseconds
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)
        if isinstance(value, str) and value in [*FORMULAS, "=HYPERLINK(1)", "-Eve"]:
            return f"'{value}".replace("\r", "_x000D_")  # how a workbook writes it
        return None if value == "" else value

    assert [tuple(row) for row in found[1:]] == [tuple(map(in_excel, row)) for row in expected]
    frame = pd.read_excel(export("--mart", mart, "--format", "xlsx").out / f"{mart}.xlsx")
    assert list(frame.columns) == names and len(frame) == len(expected)


def test_the_layout_of_a_workbook(export):
    sheet = export("high_engagement", "--format", "xlsx").sheet("high_engagement")
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("high_engagement", "B2", "A1:AG9")
    header = {cell.value: cell for cell in sheet[1]}
    assert header["activity_score"].font.bold and header["activity_score"].fill.fgColor.rgb == "FF1F3A5F"
    first = {name: sheet.cell(2, cell.column) for name, cell in header.items()}
    assert first["activity_score"].number_format == "0.00" and first["activity_score"].data_type == "n"
    assert first["entered_on"].number_format == "yyyy-mm-dd"
    assert first["last_activity_at"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert first["activity_category"].fill.fgColor.rgb == first["activity_score"].fill.fgColor.rgb == "FFC6EFCE"
    widths = {name: sheet.column_dimensions[cell.column_letter].width for name, cell in header.items()}
    assert widths["account_id"] > 32 and 8 <= widths["priority"] < 13 and max(widths.values()) <= 61


def test_scores_are_coloured_by_category(export):
    sheet = export("--mart", "accounts", "--format", "xlsx").sheet("accounts")
    header = {cell.value: cell.column for cell in sheet[1]}
    found = {
        sheet.cell(row, header["activity_category"]).value: sheet.cell(row, header["activity_score"]).fill.fgColor.rgb
        for row in range(2, sheet.max_row + 1)
    }
    assert found == {"High": "FFC6EFCE", "Medium": "FFFFEB9C", "Low": "FFEDEDED"}


def test_odd_values_in_a_workbook(export, queries):
    (queries / "odd.sql").write_text(
        "select 9007199254740993 as large, 'nan'::double as none, 'inf'::double as endless, date '1850-01-01' as old,"
        " repeat('x', 40000) as long, chr(1) || 'a' as control, '\\xAB'::blob as bytes,"
        " 123.456::decimal(9, 3) as exact, timestamptz '2026-01-01 00:00:00+02' as moment, [1] as list,"
        " time '10:00' as time, 'https://a.example' as link"
    )
    sheet = export("--sql", "odd.sql", "--format", "xlsx").sheet("odd")
    found = {name.value: value.value for name, value in zip(sheet[1], sheet[2], strict=True)}
    assert (found["large"], found["none"], found["endless"]) == ("9007199254740993", "nan", "inf")
    assert (found["old"], len(found["long"]), found["bytes"], found["exact"]) == ("1850-01-01", 32767, "ab", 123.456)
    assert (found["moment"], found["list"], found["time"]) == (datetime(2025, 12, 31, 22), "[1]", "10:00:00")
    assert found["link"] == "https://a.example" and sheet.cell(2, len(found)).hyperlink is None


def test_rows_that_do_not_fit_into_a_sheet(export, queries, monkeypatch):
    monkeypatch.setattr("activity_score.exporting.workbook.MOST_ROWS", 5)
    done = export("--mart", "accounts", "--format", "xlsx")
    assert done.code == 2 and "accounts.xlsx: more than 5 rows do not fit into a sheet; use csv or parquet" in done.err


def test_json_has_no_number_that_is_none(export, queries):
    (queries / "odd.sql").write_text("select 'nan'::double as a, '-inf'::double as b, 1.5::double as c")
    done = export("--sql", "odd.sql", "--format", "jsonl")
    assert json.loads((done.out / "odd.jsonl").read_text()) == {"a": None, "b": None, "c": 1.5}


def test_no_text_of_a_csv_is_a_formula(export):
    names = [row["account_name"] for row in export("--mart", "accounts").csv("accounts")]
    assert sorted(names) == sorted([*(f"'{name}" for name in FORMULAS), *PLAIN[:3], "a03.example", *PLAIN[4:]])
    numbers = {row["score_change_7d"] for row in export("--mart", "accounts").csv("accounts")}
    assert numbers == {"-1.50"}  # a number is no text


def test_no_cell_of_a_workbook_is_a_formula(export):
    sheet = export("--mart", "accounts", "--format", "xlsx").sheet("accounts")
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.lstrip(" \t\r\n\u00a0")[:1] in tuple("=+-@\uff1d")]
    assert sum(text.startswith("'") for text in texts) == len(FORMULAS) + 1 + sum("-Eve" in text for text in texts)


def test_other_formats_keep_every_text(export):
    done = export("--mart", "accounts", "--format", "parquet,jsonl")
    lines = (done.out / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
    for names in ({row[2] for row in done.parquet("accounts")}, {json.loads(line)["account_name"] for line in lines}):
        assert set(FORMULAS) <= names


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_column_name_is_a_formula(export, queries, form):
    (queries / "names.sql").write_text("""select 1 as "=cmd|'/C calc'!A0", 'x' as "@b", 2 as plain""")
    done = export("--sql", "names.sql", "--format", form)
    names = list(done.csv("names")[0]) if form == "csv" else [cell.value for cell in done.sheet("names")[1]]
    assert names == ["'=cmd|'/C calc'!A0", "'@b", "plain"]
