"""Thinner, wider, renamed and retyped tables: what still builds, what is noted, and what is refused by name."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from activity_score.check import check
from activity_score.columns import likely_name, likeness, note_missing_columns
from activity_score.errors import UserError
from activity_score.load import load
from activity_score.project import load_project
from activity_score.sources import Table

ROOT = Path(__file__).resolve().parents[2]
CALLS = Table(
    "shop",
    "calls",
    ("id", "at", "seen_at", "who", "page_url"),
    required=("id", "at"),
    is_activities=True,
    moments=(("at", False), ("seen_at", True)),
)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("created_at", "createdAt"),
        ("created_at", "Created At"),
        ("occurred_at", "occured_at"),
        ("timestamp", "event_timestamp"),
        ("email", "email_address"),
        ("anonymous_id", "anonymus_id"),
        ("contact_id", "contactid"),
    ],
)
def test_a_name_may_be_another_one_for_a_column(column, name):
    assert likely_name(column, [column], ["cake", name]) == name


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("id", "user_id"),
        ("url", "user_id"),
        ("created_at", "updated_at"),
        ("context_traits_email", "context"),
        ("property_dealstage", "property_dealname"),
        ("contexts_com_acme_user_1_0_0", "contexts_com_acme_page_1_0_0"),
    ],
)
def test_words_in_common_make_no_other_name(column, name):
    assert likely_name(column, [column], [name]) is None


def test_a_declared_name_means_what_it_says_and_the_likeliest_wins():
    assert likely_name("context_email", ["context_email", "email"], ["email"]) is None
    assert likely_name("timestamp", ["timestamp"], ["event_timestamp", "time_stamp", ""]) == "time_stamp"
    assert likeness("timestamp", "time_stamp") > likeness("timestamp", "event_timestamp")


def test_two_spellings_of_a_column_are_one():
    table = Table("shop", "calls", ("id", "account_id", "accountid", "_synced"))
    assert [note.what for note in note_missing_columns("calls", table, ["id"], ["id"])] == [
        "no column account_id, taken for null"
    ]
    assert list(note_missing_columns("calls", table, ["id", "AccountId"], ["id", "accountid"])) == []


def test_many_missing_columns_are_summed_up():
    table = Table("shop", "calls", ("id", *(f"{letter * 4}" for letter in "abcdefgh")))
    (note,) = note_missing_columns("calls", table, ["id"], ["id"])
    assert note.what == "no columns aaaa, bbbb, cccc, dddd, eeee, ffff and 2 more, taken for null"


@pytest.fixture
def calls(tmp_path):
    """Loads a file of calls, and returns the loaded rows."""

    def read(name, content, table=CALLS):
        file = tmp_path / "data" / "shop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        database = tmp_path / "work.duckdb"
        database.unlink(missing_ok=True)
        try:
            load([table], tmp_path / "data", database)
        finally:
            file.unlink()
        with duckdb.connect(str(database), read_only=True) as connection:
            return connection.execute("select * from raw_shop.calls order by id").fetchall()

    return read


def refused(calls, name, content):
    with pytest.raises(UserError) as error:
        calls(name, content)
    return str(error.value)


def test_what_is_not_there_is_null_and_what_is_not_known_is_ignored(calls):
    rows = calls("calls.csv", "at,cake,id\n2026-01-31,carrot,1\n")
    assert rows == [("1", "2026-01-31", None, None, None)]


@pytest.mark.parametrize(
    ("name", "content"),
    [("calls.csv", "callIdentifer,At,when\n1,2,3\n"), ("calls.jsonl", '{"callIdentifer": 1, "At": 2, "when": 3}\n')],
)
def test_a_required_column_with_another_name_is_refused_by_name(calls, name, content):
    table = replace(CALLS, columns=("call_identifier", "at"), required=("call_identifier",), moments=())
    with pytest.raises(UserError) as error:
        calls(name, content, table)
    assert str(error.value) == (
        f"shop/{name}: no column 'call_identifier'; it has callIdentifer, At, when;"
        " rename 'callIdentifer' to 'call_identifier', if that is what it is"
    )


def test_a_time_that_is_none_in_any_record_is_refused(calls):
    lines = "".join(f"{n},{1740816300000 + n},u{n}\n" for n in range(12))
    assert refused(calls, "calls.csv", "id,at,who\n" + lines) == (
        "shop/calls.csv: none of the 12 values of 'at' is a time (such as '1740816300000');"
        " write ISO 8601 such as 2026-01-31T12:00:00Z"
    )


def test_the_column_that_the_times_may_have_moved_to_is_named(calls):
    lines = "".join(f"{n},2026-01-31,soon\n" for n in range(12))
    assert refused(calls, "calls.csv", "id,at,seen_at\n" + lines).endswith(
        "none of the 12 values of 'seen_at' is a time (such as 'soon'); write seconds since 1970 or ISO 8601 such as"
        " 2026-01-31T12:00:00Z"
    )
    lines = "".join(f'{{"id": {n}, "at": "2026-01-31", "seen_at": "x", "first_seen_at": 1}}\n' for n in range(12))
    assert refused(calls, "calls.jsonl", lines).endswith("T12:00:00Z, or rename 'first_seen_at' to 'seen_at'")


def test_single_times_that_cannot_be_read_are_single_records(calls):
    lines = "".join(f"{n},soon\n" for n in range(12))
    assert len(calls("calls.csv", f"id,at\n{lines}13,2026-01-31 10:00:00 UTC\n")) == 13
    assert len(calls("calls.csv", "id,at\n" + "".join(f"{n},soon\n" for n in range(9)))) == 9
    assert len(calls("calls.csv", "id,at\n" + "".join(f"{n},\n" for n in range(20)))) == 20
    numbers = "".join(f"{n},2026-01-31,1740816300.5\n" for n in range(12))
    assert len(calls("calls.csv", "id,at,seen_at\n" + numbers)) == 12


# as check tells it, with the tables as they are declared

PAGES = "id,timestamp,user_id,anonymous_id,url,context_group_id,context_traits_email,context_user_agent"
PAGE = "p1,2026-01-31,u1,d1,https://acme.example/,g1,mira@acme.example,Mozilla"


@pytest.fixture
def lines(tmp_path):
    """What `check` says to these files of segment, by name."""

    def of(**files):
        for name, content in files.items():
            file = tmp_path / "segment" / name.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.with_suffix(".csv").write_text(content)
        project = load_project(ROOT)
        problems = check(replace(project, vars={**project.vars, "sources": ["segment"]}), tmp_path)
        return [f"{problem.severity}: {problem}" for problem in problems]

    return of


def test_a_whole_table_is_worth_no_word_with_unknown_columns_too(lines):
    assert lines(pages=f"{PAGES},context_cake\n{PAGE},carrot\n") == []


def test_columns_that_are_missing_are_noted_in_one_line(lines):
    assert lines(pages="id,timestamp,user_id,anonymous_id,context_group_id\np1,2026-01-31,u1,d1,g1\n") == [
        "note: segment/pages.csv: no columns url, context_traits_email, context_user_agent, taken for null;"
        " add them if your export can"
    ]


def test_a_column_with_another_name_is_noted_with_it(lines):
    table = f"{PAGES.replace(',url,', ',URLs,').replace('anonymous_id', 'anonymousID')}\n{PAGE}\n"
    assert lines(pages=table) == [
        "note: segment/pages.csv: no column 'anonymous_id', but an unknown one 'anonymousID';"
        " rename it to 'anonymous_id' if that is what it is",
        "note: segment/pages.csv: no column 'url', but an unknown one 'URLs'; rename it to 'url' if that is what it is",
    ]


def test_part_files_that_look_alike_are_one_line(lines):
    thin = "id,timestamp,user_id,anonymous_id,url,context_group_id,context_traits_email\n"
    row = "p1,2026-01-31,u1,d1,https://acme.example/,g1,mira@acme.example\n"
    files = {"pages__a": f"{PAGES}\n{PAGE}\n", "pages__b": thin + row, "pages__c": thin + row}
    assert lines(**files) == [
        "note: segment/pages/b.csv and 1 more: no column context_user_agent, taken for null; add it if your export can"
    ]


def test_a_required_column_with_another_name_stops_and_says_which(lines):
    assert lines(pages=f"{PAGES.replace('timestamp', 'eventTimestamp')}\n{PAGE}\n") == [
        "error: segment/pages.csv: no column 'timestamp'; it has id, eventTimestamp, user_id, anonymous_id, url,"
        " context_group_id, context_traits_email, context_user_agent; rename 'eventTimestamp' to 'timestamp', if that"
        " is what it is"
    ]


def test_a_retyped_column_stops_and_says_where_the_times_may_be(lines):
    rows = "".join(f"{PAGE.replace('2026-01-31', '1769817600').replace('p1', f'p{n}')},2026-01-31\n" for n in range(10))
    assert lines(pages=f"{PAGES},event_timestamp\n{rows}") == [
        "error: segment/pages.csv: none of the 10 values of 'timestamp' is a time (such as '1769817600');"
        " write ISO 8601 such as 2026-01-31T12:00:00Z, or rename 'event_timestamp' to 'timestamp'"
    ]
