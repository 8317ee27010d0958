"""The sandbox: what a query may do, and that everything else is refused, by each of its walls."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import duckdb
import pandas as pd
import pytest
from published_by_hand import AS_OF, write_marts
from published_by_hand import named_accounts as accounts

from activity_score import sandbox, sandbox_child
from activity_score.errors import UserError
from activity_score.sandbox import Limits, parse_memory, run_select

SMALL = Limits(timeout=120, memory=200 * 10**6)
FILES = "reading files is not allowed; queries see only the published marts"
NETWORK = "reaching for the network is not allowed; queries see only the published marts"
CHANGES = "changing data or making tables is not allowed; write one select over the published marts"
SETTINGS = "changing the configuration is not allowed; --memory and --timeout set the limits"
READS_SETTINGS = "reading the configuration is not allowed"
BEYOND = "reaching beyond the marts is not allowed; queries see only the published marts"

# What the query does, and what it is told.
REFUSED = {
    "select * from read_text('/etc/passwd')": f"read_text(): {FILES}",
    "select * from read_csv('/etc/passwd')": f"read_csv(): {FILES}",
    "select * from read_blob('/etc/passwd')": f"read_blob(): {FILES}",
    "select * from read_parquet('/etc/passwd')": f"read_parquet(): {FILES}",
    "select * from glob('/etc/*')": f"glob(): {FILES}",
    "select * from parquet_metadata('/etc/passwd')": f"parquet_metadata(): {FILES}",
    "select * from sniff_csv('/etc/passwd')": f"sniff_csv(): {FILES}",
    "from '/etc/passwd'": f"'/etc/passwd': {FILES}",
    "from 'people.csv'": f"'people.csv': {FILES}",
    "describe '/etc/passwd'": f"'/etc/passwd': {FILES}",
    "select (select count(*) from read_text('/etc/passwd'))": f"read_text(): {FILES}",
    "with a as (from glob('/etc/*')) select * from a": f"glob(): {FILES}",
    "select * from accounts where account_id in (from read_text('/etc/passwd'))": f"read_text(): {FILES}",
    "from 'https://example.com/x.csv'": f"'https://example.com/x.csv': {NETWORK}",
    "select * from read_csv('https://example.com/x.csv')": f"read_csv(): {NETWORK}",
    "from 's3://bucket/x.parquet'": f"'s3://bucket/x.parquet': {NETWORK}",
    "copy accounts to '/srv/out.csv'": "COPY: reading or writing files is not allowed; leave the select alone and name",
    "copy accounts from '/srv/in.csv'": "COPY: reading or writing files is not allowed",
    "export database '/srv/out'": "EXPORT: writing files is not allowed; use `activity-score export`",
    "attach '/srv/other.duckdb'": "ATTACH: opening another database is not allowed",
    "install httpfs": "INSTALL: loading an extension is not allowed",
    "/* first */ load '/srv/x.duckdb_extension'": "LOAD: loading an extension is not allowed",
    "drop table accounts": f"DROP: {CHANGES}",
    "update accounts set account_name = 'x'": f"UPDATE: {CHANGES}",
    "insert into accounts select * from accounts": f"INSERT: {CHANGES}",
    "delete from accounts": f"DELETE: {CHANGES}",
    "alter table accounts rename to b": f"ALTER: {CHANGES}",
    "create table mine as select 1": f"CREATE: {CHANGES}",
    "create temp table mine as select 1": f"CREATE: {CHANGES}",
    "create macro f() as 1": f"CREATE: {CHANGES}",
    "from a_python_variable": "there is no table a_python_variable; the marts are account_routes, accounts, ",
    "set memory_limit = '10GB'": f"SET: {SETTINGS}",
    "set threads = 9": f"SET: {SETTINGS}",
    "reset memory_limit": f"RESET: {SETTINGS}",
    "pragma memory_limit = '10GB'": "PRAGMA: changing the configuration is not allowed",
    "pragma database_list": "the configuration is not allowed",
    "call enable_logging()": "CALL: calling a procedure is not allowed",
    "select * from duckdb_settings()": f"duckdb_settings(): {BEYOND}",
    "select * from duckdb_secrets()": f"duckdb_secrets(): {BEYOND}",
    "select current_setting('home_directory')": f"current_setting(): {READS_SETTINGS}",
    "select getenv('HOME')": f"getenv(): {READS_SETTINGS}",
    "from pg_catalog.pg_settings": "pg_catalog.pg_settings: reading other tables is not allowed",
    "from duckdb_databases": "there is no table duckdb_databases",
    "show databases": f'SHOW "databases": {READS_SETTINGS}',
    "select * from query('select 1')": f"query(): {BEYOND}",
    "select * from published.marts.accounts": "published.marts.accounts: reading other tables is not allowed",
    "select 1; select 2": "2 statements: more than one is not allowed; write one select",
    "select 1; drop table accounts": f"DROP: {CHANGES}",
    "explain analyze select 1": "EXPLAIN: showing a plan is not allowed",
    "prepare p as select 1": "PREPARE: anything but a select is not allowed",
    "vacuum": "VACUUM: anything but a select is not allowed",
    "pivot accounts on activity_category using count(*)": "PIVOT: finding its columns",
    "": "the query is empty",
    "-- nothing but a comment": "the query is empty",
}
ALLOWED = [
    "select account_name from accounts order by 1",
    "from marts.accounts; -- the end",
    "with accounts_of as (select * from Accounts) select count(*) from ACCOUNTS_OF",
    "with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select * from r",
    "describe accounts",
    "summarize accounts",
    "show tables",
    "from information_schema.columns",
    "pivot accounts on activity_category in ('High', 'Low') using count(*)",
    "values (1, 'x')",
    "select * from range(3), unnest([1, 2])",
    "select 'from read_text(''/etc/passwd'')' as text",
    "select * from accounts where account_name like '%c.' or account_name = '/etc/passwd'",
]
# What stays refused when nobody looks at the statement first.
OUT_OF_REACH = [
    "select * from read_text('/etc/passwd')",
    "select * from read_csv('/etc/passwd')",
    "select * from glob('/etc/*')",
    "select * from parquet_metadata('/etc/passwd')",
    "from 'people.csv'",
    "from 'https://example.com/x.csv'",
    "copy accounts to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.parquet' (format parquet)",
    "export database '{folder}/out'",
    "attach '{folder}/other.duckdb'",
    "attach '{folder}/marts.duckdb' as twice",
    "install httpfs",
    "load httpfs",
    "load '{folder}/x.duckdb_extension'",
    "drop table accounts",
    "update accounts set account_name = 'x'",
    "delete from accounts",
    "create table mine as select 1",
    "from a_python_variable",
    "set memory_limit = '10GB'",
    "set threads = 9",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset memory_limit",
    "pragma memory_limit = '10GB'",
]


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    file = tmp_path_factory.mktemp("published") / "marts.duckdb"
    write_marts(file, AS_OF, accounts())
    return file


@pytest.fixture(scope="module")
def engine(marts):
    with sandbox_child.open_marts(str(marts), SMALL.memory) as connection:
        yield connection


@pytest.fixture
def run(marts, tmp_path):
    def run_and_load(sql: str, limits: Limits = SMALL, **settings):
        result = run_select(marts, sql, "query.sql", limits, tmp_path / "rows", **settings)
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            result.load(connection, "loaded")
            return result, connection.execute("from loaded").fetchall()

    return run_and_load


@pytest.mark.parametrize("sql", REFUSED)
def test_the_statement_is_refused_with_a_message_of_its_own(engine, sql):
    message = sandbox_child.refusal(engine, sql)
    assert message is not None and REFUSED[sql] in message
    assert "\n" not in message


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_analysts_write_is_allowed(engine, sql):
    assert sandbox_child.refusal(engine, sql) is None
    out = io.BytesIO()
    sandbox_child.write_rows(engine, sql, out)
    assert [line[:1] for line in out.getvalue().splitlines()[:2]] == [b"C", b"R"]


@pytest.mark.parametrize("sql", OUT_OF_REACH)
def test_the_engine_refuses_by_itself(engine, marts, sql):
    a_python_variable = pd.DataFrame({"a": [1]})  # noqa: F841 - DuckDB would find it
    with pytest.raises(duckdb.Error):
        engine.execute(sql.format(folder=marts.parent))
    assert [path.name for path in marts.parent.iterdir()] == ["marts.duckdb"]


def test_the_system_opens_nothing_any_more(tmp_path):
    script = """
import os, socket, sys
from activity_score.sandbox_child import confine
written = open(sys.argv[1], "wb", buffering=0)
confine(64 << 20, 10)
for name, attempt in {
    "read": lambda: open("/etc/hostname"),
    "write": lambda: open(sys.argv[1] + "2", "w"),
    "socket": lambda: socket.socket(),
    "pipe": lambda: os.pipe(),
    "memory": lambda: bytearray(2_000_000_000),
}.items():
    try:
        attempt()
    except (OSError, MemoryError) as error:
        print(name, type(error).__name__)
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    written.write(b"x")
except OSError as error:
    print("file", type(error).__name__)
"""
    words = [sys.executable, "-c", script, str(tmp_path / "file")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names == ["read", "write", "socket", "pipe", "memory", "file"]
    assert (tmp_path / "file").read_bytes() == b"" and not (tmp_path / "file2").exists()


def test_a_refusal_names_the_file_in_one_line(run):
    with pytest.raises(UserError) as raised:
        run("select * from read_text('/etc/passwd')")
    assert str(raised.value) == f"query.sql: read_text(): {FILES}"


def test_the_engine_stands_guard_where_the_statement_is_not_looked_at(run):
    with pytest.raises(UserError, match=r"query.sql: files, network, extensions and settings: .* not allowed"):
        run("select * from read_text('/etc/passwd')", parse=False)


def test_the_child_has_an_empty_environment_and_locked_limits(monkeypatch, marts, tmp_path):
    monkeypatch.setenv("ACTIVITY_SCORE_SALT", "a secret of sixteen characters")
    started = []
    popen = subprocess.Popen

    def remember(words, **settings):
        started.append((words, settings))
        return popen(words, **settings)

    monkeypatch.setattr(sandbox.subprocess, "Popen", remember)
    run_select(marts, "select 1", "query.sql", SMALL, tmp_path / "rows")
    words, settings = started[0]
    assert settings["env"] == {} and settings["close_fds"]
    assert "secret" not in " ".join(words) and "select" not in " ".join(words)


def test_values_keep_their_types(run):
    sql = """
    select
        true as a, 7::tinyint as b, 170141183460469231731687303715884105727::hugeint as c, 0.1::double as d,
        12.50::decimal(5, 2) as e, date '2026-02-28' as f, timestamp '2026-02-28 01:02:03.000004' as g,
        timestamptz '2026-02-28 01:00:00+02' as h, interval 36 hours as i, '\\xAA\\x00'::blob as j,
        uuid '6f9619ff-8b86-d011-b42d-00c04fc964ff' as k, '' as l, null::varchar as m, 'a' || chr(0) || '"\\\n' as n,
        [1, 2] as o, 1e300 as p, -0.0::double as q
    """
    result, rows = run(sql)
    types = dict(result.columns)
    assert (types["e"], types["h"], types["o"]) == ("DECIMAL(5,2)", "TIMESTAMP WITH TIME ZONE", "VARCHAR")
    assert rows == [
        (
            True, 7, 2**127 - 1, 0.1, Decimal("12.50"), date(2026, 2, 28), datetime(2026, 2, 28, 1, 2, 3, 4),
            datetime(2026, 2, 27, 23, tzinfo=UTC), timedelta(hours=36), b"\xaa\x00",
            UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "", None, 'a\0"\\\n', "[1, 2]", 1e300, 0.0,
        )
    ]  # fmt: skip


def test_rows_keep_their_order_and_columns_get_distinct_names(run):
    result, rows = run("select n as a, n % 7 as A, n as a from range(5000) as t (n) order by n % 7, n desc -- last;")
    assert [name for name, _ in result.columns] == ["a", "A_1", "a_2"]
    assert rows == sorted(rows, key=lambda row: (row[1], -row[0])) and len(rows) == 5000


def test_no_rows_are_a_table_too(run):
    result, rows = run("select account_id, activity_score from accounts where false")
    assert result.columns == [("account_id", "VARCHAR"), ("activity_score", "DECIMAL(5,2)")] and rows == []


def test_marts_is_the_schema_and_not_the_file(run):
    assert run("select count(*) from marts.accounts")[1] == run("select count(*) from accounts")[1]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("selct 1", 'line 1: Parser Error: syntax error at or near "selct"'),
        ("select\n  acount_name\nfrom accounts", 'line 2: Binder Error: Referenced column "acount_name" not found'),
        ("select\n  acount_name\nfrom accounts", '"account_name"'),  # the candidates
        ("select 1\nfrom acounts", "there is no table acounts; the marts are account_routes, accounts, "),
        ("select cast(account_name as integer) from accounts", "Conversion Error: Could not convert string"),
    ],
)
def test_a_wrong_query_is_one_line(run, sql, message):
    with pytest.raises(UserError) as raised:
        run(sql)
    assert str(raised.value).startswith("query.sql: ") and message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select length(repeat('x', 2000000000))",  # one allocation that the engine does not count
        "select string_agg(n::varchar || repeat('y', 100), '') from range(30000000) as t (n)",
        "select count(distinct hash(n)) from range(60000000) as t (n)",
    ],
)
def test_memory_is_limited(run, sql):
    with pytest.raises(UserError, match=r"query.sql: needs more than 100 MB of memory; .* --memory"):
        run(sql, Limits(timeout=120, memory=100 * 10**6))


def test_time_is_limited(run):
    with pytest.raises(UserError, match=r"query.sql: took longer than 1 seconds; .* --timeout"):
        run("select count(*) from range(1000000) a, range(1000000) b where a.range * b.range = 7", Limits(1, 10**9))


def test_a_child_that_does_not_stop_is_killed(monkeypatch, tmp_path, marts):
    stubborn = tmp_path / "stubborn.py"
    stubborn.write_text("import time\nprint('S null', flush=True)\nwhile True: time.sleep(1)\n")
    monkeypatch.setattr(sandbox, "CHILD", stubborn)
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 0.2)
    with pytest.raises(UserError, match=r"took longer than 0.3 seconds"):
        run_select(marts, "select 1", "query.sql", Limits(0.3), tmp_path / "rows")
    stubborn.write_text("import time\nwhile True: time.sleep(1)\n")
    monkeypatch.setattr(sandbox, "SECONDS_TO_START", 0.2)
    with pytest.raises(UserError, match=r"query.sql: could not be started within 0.2 seconds; try again"):
        run_select(marts, "select 1", "query.sql", Limits(60), tmp_path / "rows")


def test_a_child_that_breaks_is_an_error(monkeypatch, tmp_path, marts):
    for script, message in {
        "import os; print('S null', flush=True); os.abort()": "needs more than",
        "import sys; sys.exit(3)": "ended with status 3",
        "import sys; sys.stdin.readline(); print('S null'); print('C []')": "ended with status 0",  # half an answer
    }.items():
        broken = tmp_path / "broken.py"
        broken.write_text(script)
        monkeypatch.setattr(sandbox, "CHILD", broken)
        with pytest.raises(UserError, match=message):
            run_select(marts, "select 1", "query.sql", SMALL, tmp_path / "rows")


def test_a_result_may_not_be_larger_than_the_memory(run):
    with pytest.raises(UserError, match=r"query.sql: (the result is larger|needs more) than 70 MB.* --memory"):
        run("select repeat('x', 200) from range(1000000)", Limits(timeout=120, memory=70 * 10**6))


@pytest.mark.parametrize(
    ("text", "size"), [("512MB", 512 * 10**6), ("1.5 gb", 15 * 10**8), ("64MiB", 64 << 20), ("100000000", 10**8)]
)
def test_sizes(text, size):
    assert parse_memory(text) == size


@pytest.mark.parametrize("text", ["much", "1", "10MB", "-1GB", "1TB", ""])
def test_no_sizes(text):
    with pytest.raises(UserError, match=r"--memory .*: give a size of at least 64MiB, such as 512MB or 2GB"):
        parse_memory(text)
