"""The command `query`: tables, JSON, files, and which build."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys

import duckdb
import pandas as pd
import pytest
from published_by_hand import AS_OF, EARLIER, write_build
from rich.console import Console

from activity_score import cli
from activity_score.project import Warehouse
from activity_score.query import Answer, print_answer

SQL = "select account_name, activity_score from accounts where activity_score > 90 order by account_domain"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    found = Warehouse(tmp_path_factory.mktemp("warehouse"))
    write_build(found, EARLIER)
    write_build(found, AS_OF)
    return found


@pytest.fixture
def run(warehouse, capsys, tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("ACTIVITY_SCORE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run_query(sql: str, *words: str) -> tuple[int, str, str]:
        (tmp_path / "query.sql").write_text(sql, encoding="utf-8")
        with pytest.raises(SystemExit) as exit_:
            cli.main(["query", "query.sql", "--warehouse", str(warehouse.root), *words])
        out, err = capsys.readouterr()
        return exit_.value.code or 0, out, err

    return run_query


def test_a_table(run):
    code, out, err = run(SQL)
    assert (code, err) == (0, "")
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines == [
        "account_name  activity_score",
        "Acme, Inc.            100.00",
        'Say "yes"              94.49',
        "2 rows",
    ]


def test_only_so_many_rows_are_shown(run):
    out = run("select account_id from accounts", "--limit", "3")[1]
    assert out.splitlines()[-1] == "17 rows, 3 shown; --limit or --out for more" and len(out.splitlines()) == 5


def test_control_characters_do_not_reach_the_terminal(run):
    out = run("select 'a' || chr(27) || '[2J' || chr(7) || 'b' as x")[1]
    assert "\x1b" not in out and "\x07" not in out and "a [2J b" in out


def test_a_table_wider_than_the_terminal_stands_row_by_row():
    columns = [(f"column_{number}", "VARCHAR") for number in range(20)]
    console = Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)
    print_answer(Answer(columns, [tuple("x" * 20 for _ in columns)], 1), console)
    lines = console.file.getvalue().splitlines()
    assert lines[0] == "row 1" and lines[1].split() == ["column_0", "x" * 20] and lines[-1] == "1 row"


def test_json(run):
    sql = """
    select 'a' as text, 1.50::decimal(5, 2) as score, date '2026-01-02' as day, timestamp '2026-01-02 03:04:05' as at,
        true as yes, null as nothing, 'nan'::double as none, 7 as whole, [1] as list
    """
    code, out, _ = run(sql, "--json")
    assert (code, json.loads(out)) == (
        0,
        [{"text": "a", "score": 1.5, "day": "2026-01-02", "at": "2026-01-02T03:04:05Z", "yes": True,
          "nothing": None, "none": None, "whole": 7, "list": "[1]"}],
    )  # fmt: skip
    assert json.loads(run("select * from accounts where false", "--json")[1]) == []
    assert len(json.loads(run("select * from accounts", "--json", "--limit", "2")[1])) == 17


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "xlsx"])
def test_files(run, tmp_path, form):
    code, out, _ = run(SQL, "--out", f"found.{form}")
    assert (code, out) == (0, f"found.{form}: 2 rows\n")
    if form == "parquet":
        with duckdb.connect() as connection:
            rows = [(name, float(score)) for name, score in connection.execute("from 'found.parquet'").fetchall()]
    else:
        read = {"csv": pd.read_csv, "jsonl": lambda file: pd.read_json(file, lines=True), "xlsx": pd.read_excel}[form]
        rows = list(read(tmp_path / f"found.{form}").itertuples(index=False, name=None))
    assert rows == [("Acme, Inc.", 100.0), ('Say "yes"', 94.49)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"found.{form}", "query.sql"]


def test_a_failed_query_leaves_the_old_file(run, tmp_path):
    run(SQL, "--out", "found.csv")
    before = (tmp_path / "found.csv").read_bytes()
    assert run("select account_name, 1 / 'x' from accounts", "--out", "found.csv")[0] == 2
    assert (tmp_path / "found.csv").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["found.csv", "query.sql"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "found.txt"], "--out found.txt: the ending must say the format, one of .csv, .parquet, .jsonl, "),
        (["--out", "found"], "--out found: the ending must say the format"),
        (["--out", "none/found.csv"], "--out none/found.csv: there is no folder none; make it first"),
        (["--as-of", "2026-01-01"], "no published build of that day is kept; there are builds of 2026-06-23, 2026"),
        (["--build", "nope"], "--build nope: no such published build; there are 2026-06-23_20260701T000001Z, "),
        (["--build", "nope", "--as-of", "2026-06-30"], "--build, --as-of: both choose a build; leave out one"),
        (["--memory", "3"], "--memory 3: give a size of at least 64MiB"),
        (["--timeout", "0"], "0.0 is not in the range x>=1"),
    ],
)  # fmt: skip
def test_wrong_words_are_one_line(run, words, message):
    code, out, err = run(SQL, *words)
    assert (code, out) == (2, "") and err.startswith("error: ") and message in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from read_text('/etc/passwd')", "error: query.sql: read_text(): reading files is not allowed;"),
        ("drop table accounts", "error: query.sql: DROP: changing data or making tables is not allowed;"),
        ("select", "error: query.sql: Parser Error: "),
    ],
)
def test_a_refusal_is_one_line(run, sql, message):
    code, out, err = run(sql)
    assert (code, out) == (2, "") and err.startswith(message) and err.count("\n") == 1


def test_options_read_the_environment(run, monkeypatch):
    slow = "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range = 7"
    monkeypatch.setenv("ACTIVITY_SCORE_TIMEOUT", "1")
    assert "took longer than 1 seconds" in run(slow)[2]
    monkeypatch.delenv("ACTIVITY_SCORE_TIMEOUT")
    monkeypatch.setenv("ACTIVITY_SCORE_MEMORY", "80MB")
    assert "needs more than 80 MB" in run("select length(repeat('x', 2000000000))")[2]


def test_an_earlier_build(run):
    sql = "select distinct as_of_date from accounts"
    assert json.loads(run(sql, "--json")[1]) == [{"as_of_date": str(AS_OF)}]
    assert json.loads(run(sql, "--json", "--as-of", str(EARLIER))[1]) == [{"as_of_date": str(EARLIER)}]
    words = ["--build", f"{EARLIER}_20260701T000001Z"]
    assert json.loads(run(sql, "--json", *words)[1]) == [{"as_of_date": str(EARLIER)}]


def test_standard_input(warehouse):
    words = [sys.executable, "-m", "activity_score.cli", "query", "-", "--json", "--warehouse", str(warehouse.root)]
    sql = "\ufeffselect count(*) as n from accounts"  # as some editors write it
    done = subprocess.run(words, input=sql.encode(), capture_output=True, check=True)
    assert json.loads(done.stdout) == [{"n": 17}]
    done = subprocess.run(words, input=b"select \xff", capture_output=True)
    assert done.stderr.decode() == "error: standard input: is not UTF-8 text; save it as UTF-8\n"


def test_without_a_file_or_a_build(run, warehouse, tmp_path, capsys):
    for file, folder, message in [
        ("query.sql", tmp_path, f"{tmp_path}: no published build; run `activity-score build`"),
        ("missing.sql", warehouse.root, "missing.sql: cannot be read (No such file or directory)"),
    ]:
        with pytest.raises(SystemExit) as exit_:
            cli.main(["query", file, "--warehouse", str(folder)])
        assert exit_.value.code == 2 and capsys.readouterr().err.startswith(f"error: {message}")


def test_the_published_file_stays_as_it_was(run, warehouse):
    file = warehouse.current.resolve() / "marts.duckdb"
    before = (file.stat().st_mtime_ns, stat.S_IMODE(file.stat().st_mode), file.read_bytes())
    run(SQL)
    assert (file.stat().st_mtime_ns, stat.S_IMODE(file.stat().st_mode), file.read_bytes()) == before
