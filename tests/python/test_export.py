"""The command `export`: files that equal the marts, the same bytes twice, whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from published_by_hand import AS_OF, EARLIER, FORMULAS, PLAIN, named_accounts, write_build

from activity_score import cli
from activity_score.errors import EXIT_BUSY, UserError
from activity_score.exporting import folder as folder_module
from activity_score.exporting.changes import changed_rows
from activity_score.exporting.folder import STORE, replace_files
from activity_score.project import Warehouse

ALL_FORMATS = "csv,parquet,jsonl,xlsx"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Two builds, a week apart: one account came, one left, one rose."""
    found = Warehouse(tmp_path_factory.mktemp("warehouse"))
    rows = named_accounts()
    write_build(
        found,
        EARLIER,
        accounts=[*rows[:1], (*rows[1][:-1], 81.0), *rows[3:], ("default", "Gone", "gone.example", *rows[0][3:])],
    )
    write_build(found, AS_OF, accounts=rows)
    return found


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The current folder, for queries."""
    for name in [name for name in os.environ if name.startswith("ACTIVITY_SCORE_")]:
        monkeypatch.delenv(name)
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


class Exported:
    """An export, read back."""

    def __init__(self, out: Path, code: int, err: str, printed: str) -> None:
        self.out, self.code, self.err, self.printed = out, code, err, printed
        file = out / "manifest.json"
        self.manifest = json.loads(file.read_text()) if file.is_file() else {}

    def names(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir() if path.name != STORE)

    def csv(self, name: str) -> list[dict[str, str]]:
        with (self.out / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))

    def parquet(self, name: str) -> list[tuple]:
        with duckdb.connect() as connection:
            return connection.execute(f"from '{self.out / name}.parquet'").fetchall()

    def sheet(self, name: str):
        return openpyxl.load_workbook(self.out / f"{name}.xlsx").active

    def bytes(self) -> dict[str, str]:
        return {name: hashlib.sha256((self.out / name).read_bytes()).hexdigest() for name in self.names()}


@pytest.fixture
def run(warehouse, project, tmp_path, capsys):
    def run_export(*words: str, out: str = "out", root: Path | None = None) -> Exported:
        with pytest.raises(SystemExit) as exit_:
            cli.main(["export", *words, "--warehouse", str(root or warehouse.root), "--out", str(tmp_path / out)])
        printed, err = capsys.readouterr()
        return Exported(tmp_path / out, exit_.value.code or 0, err, printed)

    return run_export


def published(warehouse: Warehouse, sql: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.current.resolve()}/marts.duckdb' as published (read_only)")
        connection.execute("use published.marts")
        return connection.execute(sql).fetchall()


def columns(warehouse: Warehouse, mart: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in published(warehouse, f"describe {mart}")]


# What is exported


def test_all_segments_and_the_routes(run):
    done = run()
    assert (done.code, done.names()) == (
        0,
        [
            *("account_routes.csv", "activity_surge.csv", "drop_off_risk.csv", "high_engagement.csv"),
            *("manifest.json", "quiet.csv"),
        ],
    )
    assert done.csv("drop_off_risk") == done.csv("quiet") == []  # an audience that follows them must become empty
    assert [row["account_name"] for row in done.csv("activity_surge")] == ["Acme, Inc.", 'Say "yes"']


def test_a_segment_is_its_members_with_what_matters_of_their_accounts(run, warehouse):
    done = run("high_engagement", "--format", "parquet")
    assert done.names() == ["high_engagement.parquet", "manifest.json"]
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select account_id, account_name, activity_score, entered_on, reason, priority, owner_email, as_of_date,"
            f" model_version from '{done.out}/high_engagement.parquet'"
        ).fetchall()
    expected = published(
        warehouse,
        "select account_id, account_name, activity_score, entered_on, reason, priority, owner_email, as_of_date,"
        " model_version from segment_members inner join accounts using (account_id)"
        " where segment = 'high_engagement' order by activity_score desc, account_id",
    )
    assert found == expected and len(found) == 8


def test_routes_name_their_accounts(run):
    rows = run("account_routes").csv("account_routes")
    assert list(rows[0])[:4] == ["account_name", "account_domain", "crm_account_id", "activity_score"]
    assert (rows[0]["account_name"], rows[0]["playbook"]) == ("Acme, Inc.", "pipeline")


def test_segments_that_may_not_be_exported_are_left_out_unless_named(run):
    assert "inner_circle.csv" not in run().names()
    assert [row["account_name"] for row in run("inner_circle").csv("inner_circle")] == ["Acme, Inc."]
    row = run("--crm", "hubspot").csv("hubspot_companies")[0]
    assert row["Activity Segments"] == "activity_surge;high_engagement"  # a CRM does not hear of it either


def test_without_a_list_of_segments_all_that_were_ever_seen_are_exported(run, tmp_path):
    root = tmp_path / "bare"
    file = write_build(Warehouse(root), AS_OF)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as bare; drop table bare.marts.segments")
    assert [name for name in run(root=root).names() if name != "manifest.json"] == [
        "account_routes.csv", "activity_surge.csv", "drop_off_risk.csv", "high_engagement.csv", "inner_circle.csv",
    ]  # fmt: skip


def test_marts_and_queries(run, project):
    (project / "top accounts!.sql").write_text(
        "select account_name, 1 as a, 2 as a from accounts order by 1 desc limit 2"
    )
    done = run("--mart", "developers", "--mart", "activity_ledger", "--sql", "top accounts!.sql")
    assert done.names() == ["activity_ledger.csv", "developers.csv", "manifest.json", "top_accounts.csv"]
    assert len(done.csv("activity_ledger")) == 40
    assert list(done.csv("top_accounts")[0]) == ["account_name", "a", "a_1"]
    assert [file.get("mart") or file["query"] for file in done.manifest["files"]] == [
        "developers", "activity_ledger", "top_accounts",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["nope"],
            "nope: no such segment; there are activity_surge, drop_off_risk, high_engagement, inner_circle, quiet",
        ),
        (["--mart", "nope"], "nope: the build has no such mart; it has account_routes, accounts, activity_ledger, "),
        (["--format", "csv,doc"], "'doc' is not one of csv, parquet, jsonl, xlsx"),
        (["--format", ","], "is not one of csv, parquet, jsonl, xlsx"),
        (["--crm", "sugar"], "'sugar' is not one of 'hubspot', 'salesforce'"),
        (["--sql", "missing.sql"], "missing.sql: cannot be read (No such file or directory)"),
        (
            ["--changes-since", "2026-01-01"],
            "no build as of that day or before is kept, the oldest is of 2026-06-23; export",
        ),
        (["--as-of", "2026-01-01"], "no published build of that day is kept"),
        (["--tenant", "other"], "--tenant other: no such tenant; there are default"),
        (["account_routes", "--mart", "account_routes"], "account_routes: asked for twice"),
        (["--sql", "leak.sql"], "leak.sql: read_text(): reading files is not allowed"),
        (["--tenant", "default", "--sql", "leak.sql"], "--tenant: a query says itself which tenant it means"),
    ],
)
def test_wrong_words_are_one_line_and_write_nothing(run, project, words, message):
    (project / "leak.sql").write_text("select * from read_text('/etc/passwd')")
    done = run(*words)
    errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert done.code == 2 and len(errors) == 1 and message in errors[0]
    assert not done.out.exists()


def test_a_build_without_segments(run, tmp_path):
    root = tmp_path / "bare"
    file = write_build(Warehouse(root), AS_OF)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as bare")
        for table in ("segments", "segment_members", "segment_changes", "account_routes"):
            connection.execute(f"drop table bare.marts.{table}")
    done = run(root=root)
    assert done.code == 2 and "has no segments to export; name a mart, as in --mart accounts" in done.err
    assert run("--mart", "accounts", root=root).code == 0
    assert run("--crm", "hubspot", root=root).csv("hubspot_companies")[0]["Activity Segments"] == "none"


def test_options_read_the_environment(run, monkeypatch):
    monkeypatch.setenv("ACTIVITY_SCORE_FORMAT", "jsonl,parquet")
    monkeypatch.setenv("ACTIVITY_SCORE_MART", "developers")
    monkeypatch.setenv("ACTIVITY_SCORE_MASK_PII", "1")
    monkeypatch.setenv("ACTIVITY_SCORE_SALT", "sixteen characters")
    done = run()
    assert done.names() == ["developers.jsonl", "developers.parquet", "manifest.json"] and done.manifest["masked"]


def test_one_tenant_of_several(run, tmp_path):
    root = tmp_path / "several"
    write_build(
        Warehouse(root),
        AS_OF,
        accounts=[*named_accounts(), ("second", "Other", "other.example", *named_accounts()[0][3:])],
    )
    names = {
        row["account_name"] for row in run("high_engagement", "--tenant", "second", root=root).csv("high_engagement")
    }
    assert names == {"Other"}
    done = run("--mart", "accounts", "--mart", "segment_members", "--tenant", "second", root=root)
    assert {row["tenant_id"] for row in done.csv("accounts")} == {"second"} and len(done.csv("segment_members")) == 3
    assert done.manifest["tenant"] == "second"
    done = run("--crm", "hubspot", root=root)
    assert done.code == 2 and "the build holds several tenants (default, second), a CRM belongs to one" in done.err
    done = run("--crm", "hubspot", "--tenant", "second", root=root)
    assert [row["Company Domain Name"] for row in done.csv("hubspot_companies")] == ["other.example"]


# Reading back


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger", "segment_members"])
def test_parquet_equals_the_mart_with_its_types(run, warehouse, mart):
    done = run("--mart", mart, "--format", "parquet")
    assert done.parquet(mart) == published(warehouse, f"from {mart} order by all")
    with duckdb.connect() as connection:
        described = connection.execute(f"describe from '{done.out}/{mart}.parquet'").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == columns(warehouse, mart)
    file = done.manifest["files"][0]
    assert [(column["name"], column["type"]) for column in file["columns"]] == columns(warehouse, mart)


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger"])
def test_json_lines_equal_the_mart(run, warehouse, mart):
    done = run("--mart", mart, "--format", "jsonl")
    lines = (done.out / f"{mart}.jsonl").read_text(encoding="utf-8").splitlines()
    expected = published(warehouse, f"from {mart} order by all")
    names = [name for name, _ in columns(warehouse, mart)]
    assert [list(json.loads(line)) for line in lines] == [names] * len(expected)

    def plain(value):
        if isinstance(value, Decimal):
            return float(value)
        return str(value) if isinstance(value, date | datetime) else value

    assert [tuple(json.loads(line).values()) for line in lines] == [tuple(map(plain, row)) for row in expected]


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger"])
def test_csv_equals_the_mart(run, warehouse, mart):
    done = run("--mart", mart)
    expected = published(warehouse, f"from {mart} order by all")
    names = [name for name, _ in columns(warehouse, mart)]

    def as_text(value) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str) and value in [*FORMULAS, "=HYPERLINK(1)", "-Eve"]:
            return f"'{value}"
        return "" if value is None else str(value)

    assert [tuple(row.values()) for row in done.csv(mart)] == [tuple(map(as_text, row)) for row in expected]
    frame = pd.read_csv(done.out / f"{mart}.csv")
    assert list(frame.columns) == names
    for position, (name, kind) in enumerate(columns(warehouse, mart)):
        if kind in ("DOUBLE", "BIGINT") or kind.startswith("DECIMAL"):
            assert frame[name].tolist() == [float(row[position]) for row in expected], name


@pytest.mark.parametrize("mart", ["accounts", "developers", "activity_ledger"])
def test_a_workbook_equals_the_mart_with_its_types(run, warehouse, mart):
    sheet = run("--mart", mart, "--format", "xlsx").sheet(mart)
    expected = published(warehouse, f"from {mart} order by all")
    names = [name for name, _ in columns(warehouse, mart)]
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
    frame = pd.read_excel(run("--mart", mart, "--format", "xlsx").out / f"{mart}.xlsx")
    assert list(frame.columns) == names and len(frame) == len(expected)


def test_the_layout_of_a_workbook(run):
    sheet = run("high_engagement", "--format", "xlsx").sheet("high_engagement")
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


def test_scores_are_coloured_by_category(run):
    sheet = run("--mart", "accounts", "--format", "xlsx").sheet("accounts")
    header = {cell.value: cell.column for cell in sheet[1]}
    found = {
        sheet.cell(row, header["activity_category"]).value: sheet.cell(row, header["activity_score"]).fill.fgColor.rgb
        for row in range(2, sheet.max_row + 1)
    }
    assert found == {"High": "FFC6EFCE", "Medium": "FFFFEB9C", "Low": "FFEDEDED"}


def test_odd_values_in_a_workbook(run, project):
    (project / "odd.sql").write_text(
        "select 9007199254740993 as large, 'nan'::double as none, 'inf'::double as endless, date '1850-01-01' as old,"
        " repeat('x', 40000) as long, chr(1) || 'a' as control, '\\xAB'::blob as bytes,"
        " 123.456::decimal(9, 3) as exact, timestamptz '2026-01-01 00:00:00+02' as moment, [1] as list,"
        " time '10:00' as time, 'https://a.example' as link"
    )
    sheet = run("--sql", "odd.sql", "--format", "xlsx").sheet("odd")
    found = {name.value: value.value for name, value in zip(sheet[1], sheet[2], strict=True)}
    assert (found["large"], found["none"], found["endless"]) == ("9007199254740993", "nan", "inf")
    assert (found["old"], len(found["long"]), found["bytes"], found["exact"]) == ("1850-01-01", 32767, "ab", 123.456)
    assert (found["moment"], found["list"], found["time"]) == (datetime(2025, 12, 31, 22), "[1]", "10:00:00")
    assert found["link"] == "https://a.example" and sheet.cell(2, len(found)).hyperlink is None


def test_rows_that_do_not_fit_into_a_sheet(run, project, monkeypatch):
    monkeypatch.setattr("activity_score.exporting.workbook.MOST_ROWS", 5)
    done = run("--mart", "accounts", "--format", "xlsx")
    assert done.code == 2 and "accounts.xlsx: more than 5 rows do not fit into a sheet; use csv or parquet" in done.err


def test_json_has_no_number_that_is_none(run, project):
    (project / "odd.sql").write_text("select 'nan'::double as a, '-inf'::double as b, 1.5::double as c")
    done = run("--sql", "odd.sql", "--format", "jsonl")
    assert json.loads((done.out / "odd.jsonl").read_text()) == {"a": None, "b": None, "c": 1.5}


# Formulas


def test_no_text_of_a_csv_is_a_formula(run):
    names = [row["account_name"] for row in run("--mart", "accounts").csv("accounts")]
    assert sorted(names) == sorted([*(f"'{name}" for name in FORMULAS), *PLAIN[:3], "a03.example", *PLAIN[4:]])
    numbers = {row["score_change_7d"] for row in run("--mart", "accounts").csv("accounts")}
    assert numbers == {"-1.50"}  # a number is no text


def test_no_cell_of_a_workbook_is_a_formula(run):
    sheet = run("--mart", "accounts", "--format", "xlsx").sheet("accounts")
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.lstrip(" \t\r\n\u00a0")[:1] in tuple("=+-@\uff1d")]
    assert sum(text.startswith("'") for text in texts) == len(FORMULAS) + 1 + sum("-Eve" in text for text in texts)


def test_other_formats_keep_every_text(run):
    done = run("--mart", "accounts", "--format", "parquet,jsonl")
    lines = (done.out / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
    for names in ({row[2] for row in done.parquet("accounts")}, {json.loads(line)["account_name"] for line in lines}):
        assert set(FORMULAS) <= names


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_column_name_is_a_formula(run, project, form):
    (project / "names.sql").write_text("""select 1 as "=cmd|'/C calc'!A0", 'x' as "@b", 2 as plain""")
    done = run("--sql", "names.sql", "--format", form)
    names = list(done.csv("names")[0]) if form == "csv" else [cell.value for cell in done.sheet("names")[1]]
    assert names == ["'=cmd|'/C calc'!A0", "'@b", "plain"]


# Manifest, determinism, whole or not at all


def test_the_manifest_says_what_was_written(run, warehouse):
    done = run("high_engagement", "--format", "csv,parquet")
    assert {key: value for key, value in done.manifest.items() if key != "files"} == {
        "written_by": "activity-score 0.1.0",
        "build_id": warehouse.current.resolve().name,
        "as_of_date": str(AS_OF),
        "model_version": "v1",
        "masked": False,
    }
    assert [file["file"] for file in done.manifest["files"]] == ["high_engagement.csv", "high_engagement.parquet"]
    for file in done.manifest["files"]:
        content = (done.out / file["file"]).read_bytes()
        assert (file["segment"], file["rows"], file["bytes"]) == ("high_engagement", 8, len(content))
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert [column["name"] for column in done.manifest["files"][0]["columns"]] == list(done.csv("high_engagement")[0])
    assert json.loads(run("high_engagement", "--format", "csv,parquet", "--json").printed) == done.manifest


def test_the_same_export_twice_is_the_same_bytes(run, project):
    (project / "query.sql").write_text("select account_name, activity_score / 3 as third from accounts")
    words = ("--mart", "accounts", "--mart", "activity_ledger", "--sql", "query.sql", "--format", ALL_FORMATS)
    first = run(*words, out="one").bytes()
    assert run(*words, out="two").bytes() == first and len(first) == 13


def test_a_later_export_is_the_same_bytes(run, warehouse, project, tmp_path):
    """In another process, another second, another order of threads."""
    words = ["high_engagement", "account_routes", "--format", ALL_FORMATS]
    first = run(*words, out="one").bytes()
    command = [sys.executable, "-m", "activity_score.cli", "export", *words, "--warehouse", str(warehouse.root)]
    environment = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    subprocess.run([*command, "--out", str(tmp_path / "two")], check=True, capture_output=True, env=environment)
    assert Exported(tmp_path / "two", 0, "", "").bytes() == first


def test_other_files_of_the_folder_stay(run, tmp_path):
    out = tmp_path / "out"
    (out / "notes").mkdir(parents=True)
    (out / "notes" / "mine.txt").write_text("mine")
    (out / "mine.csv").write_text("mine")
    (out / "linked.csv").symlink_to(out / "mine.csv")
    run("high_engagement", "--format", "csv,xlsx")
    done = run("activity_surge")
    assert done.names() == ["activity_surge.csv", "linked.csv", "manifest.json", "mine.csv", "notes"]
    assert (out / "mine.csv").read_text() == (out / "notes" / "mine.txt").read_text() == "mine"


def test_a_file_of_somebody_else_is_not_overwritten(run, tmp_path):
    out = tmp_path / "out"
    done = run("high_engagement")
    before = done.bytes()
    (out / "activity_surge.csv").write_text("mine")
    done = run("activity_surge")
    assert done.code == 2 and "activity_surge.csv: was not written by an export; move it away" in done.err
    assert (out / "activity_surge.csv").read_text() == "mine"
    assert {**done.bytes(), "activity_surge.csv": None} == {**before, "activity_surge.csv": None}


def test_old_files_do_not_stay_anywhere(run, tmp_path):
    """They may hold what the new ones mask."""
    run("--mart", "developers")
    run("--mart", "developers", "--mask-pii")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and not path.is_symlink()]
    assert sorted(path.name for path in files) == ["developers.csv", "lock", "manifest.json"]


@pytest.mark.parametrize("failing", ["csv", "xlsx", "manifest"])
def test_an_export_that_fails_leaves_the_old_one(run, monkeypatch, failing):
    before = run("--mart", "accounts", "--format", "csv,xlsx").bytes()

    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    target = {
        "csv": "activity_score.exporting.export.write_file",
        "xlsx": "activity_score.exporting.files.write_workbook",
        "manifest": "activity_score.exporting.export._manifest",
    }[failing]
    monkeypatch.setattr(target, fail)
    done = run("--mart", "developers", "--format", "csv,xlsx")
    assert done.code == 2 and done.bytes() == before
    assert sorted(path.name for path in (done.out / STORE).iterdir()) == ["1", "current", "lock"]
    monkeypatch.undo()


@pytest.mark.parametrize("moment", ["while it writes", "before the swap", "after the swap"])
def test_a_killed_export_leaves_the_old_one_or_the_new_one(run, warehouse, project, tmp_path, moment):
    old = run("high_engagement", "--format", "csv,jsonl").bytes()
    new = run("activity_surge", "--format", "csv,jsonl", out="other").bytes()
    script = f"""
import os, signal, sys
from activity_score import cli
from activity_score.exporting import export, folder

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

moment = {moment!r}
if moment == "while it writes":
    written = []
    write_file = export.write_file
    export.write_file = lambda *args: die() if written else written.append(write_file(*args))
elif moment == "before the swap":
    folder.os.replace = die
else:
    replace = os.replace
    folder.os.replace = lambda *args: (replace(*args), die())
cli.main(sys.argv[1:])
"""
    words = ["export", "activity_surge", "--format", "csv,jsonl", "--warehouse", str(warehouse.root)]
    killed = subprocess.run([sys.executable, "-c", script, *words, "--out", str(tmp_path / "out")], capture_output=True)
    assert killed.returncode == -9
    readable = {name: code for name, code in readable_bytes(tmp_path / "out").items() if name != "linked"}
    assert readable == (new if moment == "after the swap" else old)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert all(readable[file["file"]] == file["sha256"] for file in manifest["files"])
    assert run("activity_surge", "--format", "csv,jsonl").bytes() == new  # and the next one finds its way
    assert sum(path.name.isdigit() for path in (tmp_path / "out" / STORE).iterdir()) == 1


def readable_bytes(out: Path) -> dict[str, str]:
    """The files that a reader can open."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir() if path.is_file()}


def test_a_reader_never_sees_some_of_each(tmp_path, monkeypatch):
    """At every step of the system, the files that the manifest names are there and are its own."""
    out, seen = tmp_path / "out", []

    def write(number):
        def write_files(draft: Path) -> list[str]:
            names = [f"{number}.csv", "both.csv"]
            for name in names:
                (draft / name).write_text(f"{name} of {number}")
            (draft / "manifest.json").write_text(json.dumps({name: f"{name} of {number}" for name in names}))
            return [*names, "manifest.json"]

        return write_files

    def check() -> None:
        manifest = json.loads((out / "manifest.json").read_bytes())
        assert {name: (out / name).read_text() for name in manifest} == manifest
        seen.append(next(iter(manifest)))

    def look(function):
        def looking(*args, **kwargs):
            check()
            result = function(*args, **kwargs)
            check()
            return result

        return looking

    replace_files(out, write(1))
    for name in ("replace", "readlink", "open"):
        monkeypatch.setattr(folder_module.os, name, look(getattr(os, name)))
    for name in ("symlink_to", "unlink", "mkdir", "is_symlink"):
        monkeypatch.setattr(Path, name, look(getattr(Path, name)))
    replace_files(out, write(2))
    monkeypatch.undo()
    assert seen.count("1.csv") > 10 and seen.count("2.csv") > 5 and seen == sorted(seen)


def test_one_export_at_a_time_into_a_folder(tmp_path):
    def write(draft: Path) -> list[str]:
        with pytest.raises(UserError, match="another export is writing there") as raised:
            replace_files(tmp_path, write)
        assert raised.value.exit_code == EXIT_BUSY
        return []

    replace_files(tmp_path, write)


def test_a_folder_that_cannot_be_used(run, tmp_path):
    (tmp_path / "out").write_text("a file")
    done = run("high_engagement", out="out/inner")
    assert done.code == 2 and "inner: cannot be used as a folder (Not a directory); choose another --out" in done.err


# Changes


def test_changes_since_a_day(run):
    done = run("high_engagement", "--changes-since", "2026-06-25")
    rows = {row["account_name"]: row["change"] for row in done.csv("high_engagement_changes")}
    assert list(done.csv("high_engagement_changes")[0])[:2] == ["change", "account_name"]
    assert rows == {
        "Zürich 数据": "added",
        'Say "yes"': "changed",
        "Gone": "removed",
        **dict.fromkeys(rows.keys() - {"Zürich 数据", 'Say "yes"', "Gone"}, "changed"),
    }
    assert done.manifest["changes_since"] == {
        "date": "2026-06-25", "build_id": f"{EARLIER}_20260701T000001Z", "as_of_date": str(EARLIER),
    }  # fmt: skip


def test_since_the_current_build_nothing_changed(run):
    done = run("--changes-since", str(AS_OF))
    assert {file["rows"] for file in done.manifest["files"]} == {0}


def test_changes_of_marts_and_queries(run, project):
    (project / "names.sql").write_text("select account_name, activity_score from accounts")
    done = run("--mart", "accounts", "--sql", "names.sql", "--changes-since", str(EARLIER))
    changes = {row["account_name"]: row["change"] for row in done.csv("accounts_changes")}
    assert (changes["Gone"], changes["Zürich 数据"], changes['Say "yes"']) == ("removed", "added", "changed")
    whole = sorted((row["change"], row["account_name"]) for row in done.csv("names_changes"))
    assert whole == [("added", 'Say "yes"'), ("added", "Zürich 数据"), ("removed", "Gone"), ("removed", 'Say "yes"')]


def test_what_counts_as_a_change():
    with duckdb.connect() as connection:
        now = """
        select * from (values
            (1, 0.1::double, 'a', null, 5), (2, 0.3, 'b', 'x', 5), (3, 1.0, 'c', null, 5), (4, null, 'd', 'y', 5),
            (6, 1.0, 'f', 'f', 5), (null, 1.0, 'n', 'n', 5)
        ) as rows (id, number, text, missing, day)
        """
        then = """
        select * from (values
            (1, 0.1::double, 'a', null, 4), (2, 0.1::double + 0.2::double, 'b', 'x', 4),
            (3, 1.1, 'c', null, 4), (4, 0.0, 'd', 'y', 4),
            (5, 1.0, 'e', 'e', 4), (6, 1.0, 'f', null, 4), (null, 1.0, 'n', 'n', 4)
        ) as rows (id, number, text, missing, day)
        """
        query = changed_rows(connection, now, then, ["id"], ["day"])
        found = connection.execute(f"select change, id, number from ({query}) order by id").fetchall()
    assert found == [
        ("changed", 3, 1.0), ("changed", 4, None), ("removed", 5, 1.0), ("changed", 6, 1.0),
    ]  # fmt: skip


def test_columns_that_only_one_build_has():
    with duckdb.connect() as connection:
        now, then = "select 1 as id, 'new' as fresh, 2 as same", "select 1 as id, 'old' as stale, 2 as same"
        assert connection.execute(changed_rows(connection, now, then, ["id"])).fetchall() == []
        removed = connection.execute(changed_rows(connection, now + " where false", then, ["id"])).fetchall()
    assert removed == [("removed", 1, None, 2)]


# CRMs


def test_hubspot(run):
    done = run("--crm", "hubspot")
    rows = {row["Company Domain Name"]: row for row in done.csv("hubspot_companies")}
    assert len(rows) == 17
    assert rows["a00.example"] == {
        "Company Domain Name": "a00.example",
        "Company name": "Acme, Inc.",
        "Activity Score": "100.00",
        "Activity Category": "High",
        "Activity Score Change 7d": "-1.50",
        "Activity Score Trend": "steady",
        "Activity Surge": "TRUE",
        "Activity Drop-off Risk": "FALSE",
        "Active Developers 30d": "2",
        "Activity Top Source": "github",
        "Activity Segments": "activity_surge;high_engagement",
        "Last Developer Activity": "2026-06-30",
        "Activity Score As Of": "2026-06-30",
    }
    assert rows["a03.example"]["Company name"] == ""  # it has no name but its domain: HubSpot's name stays
    assert rows["a16.example"]["Activity Segments"] == "none"
    assert rows["a08.example"]["Company name"] == "'=cmd|'/C calc'!A0"


def test_salesforce(run):
    done = run("--crm", "salesforce")
    assert done.names() == ["manifest.json", "salesforce_accounts_update.csv", "salesforce_accounts_upsert.csv"]
    update, upsert = done.csv("salesforce_accounts_update"), done.csv("salesforce_accounts_upsert")
    assert {row["Id"] for row in update} == {"001Ab00000CdEfG", "001Ab00000CdEfGHIJ"}
    assert (len(update), len(upsert)) == (7, 10)
    assert not {"Name", "Website"} & set(update[0])  # the CRM's own
    account = hashlib.md5(b"default|a00.example").hexdigest()
    assert next(row for row in upsert if row["Website"] == "a00.example") == {
        "Activity_Score_Account_Id__c": account,
        "Name": "Acme, Inc.",
        "Website": "a00.example",
        "Activity_Score__c": "100.00",
        "Activity_Category__c": "High",
        "Activity_Score_Change_7d__c": "-1.50",
        "Activity_Score_Trend__c": "steady",
        "Activity_Surge__c": "true",
        "Activity_Drop_Off_Risk__c": "false",
        "Active_Developers_30d__c": "2",
        "Activity_Top_Source__c": "github",
        "Activity_Segments__c": "activity_surge;high_engagement",
        "Last_Developer_Activity__c": "2026-06-30T10:00:00Z",
        "Activity_Score_As_Of__c": "2026-06-30",
    }
    quiet = next(row for row in [*update, *upsert] if "#N/A" in row.values())
    assert quiet["Activity_Segments__c"] == "#N/A"


def test_a_crm_file_of_some_segments_and_of_what_changed(run):
    done = run("activity_surge", "--crm", "hubspot", "--mart", "developers", "--format", "parquet")
    assert done.names() == ["developers.parquet", "hubspot_companies.csv", "manifest.json"]
    assert {row["Company Domain Name"] for row in done.csv("hubspot_companies")} == {"a00.example", "a01.example"}
    changed = run("--crm", "hubspot", "--changes-since", str(EARLIER)).csv("hubspot_companies_changes")
    assert "change" not in changed[0]
    domains = {row["Company Domain Name"] for row in changed}
    assert {"a01.example", "a02.example"} <= domains and "gone.example" not in domains


def test_documented_columns_of_crms():
    from activity_score.exporting import crm

    text = (Path(__file__).parents[2] / "docs" / "exporting.md").read_text(encoding="utf-8")
    for name in [*crm.HUBSPOT, *crm.SALESFORCE_UPDATE, *crm.SALESFORCE_UPSERT]:
        assert f"`{name}`" in text, name


def test_a_copy_of_the_folder_is_whole(run, tmp_path):
    done = run("high_engagement", "--format", ALL_FORMATS)
    shutil.copytree(done.out, tmp_path / "links", symlinks=True)
    shutil.rmtree(done.out)
    assert readable_bytes(tmp_path / "links").keys() == {
        *(f"high_engagement.{form}" for form in ALL_FORMATS.split(",")), "manifest.json",
    }  # fmt: skip
