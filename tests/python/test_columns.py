"""Thinner, wider, renamed and retyped tables: what still builds, what is noted, and what is refused by name."""

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import jinja2
import pytest

from activity_score.check import check
from activity_score.columns import likely_name, likeness, note_missing_columns
from activity_score.errors import UserError
from activity_score.load import load
from activity_score.project import load_project
from activity_score.raw_tables import connect
from activity_score.raw_values import is_time
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
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        database = tmp_path / "work.duckdb"
        database.unlink(missing_ok=True)
        try:
            load([table], tmp_path / "data", database)
        finally:
            file.unlink()
        with duckdb.connect(str(database), read_only=True) as connection:
            return connection.execute("select * from raw_shop.calls order by id").fetchall()

    return read


def refused(calls, name, content, table=CALLS):
    with pytest.raises(UserError) as error:
        calls(name, content, table)
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


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-01", "2026-03-01 00:00:00"),
        ("2026-03-01 10:00:00 UTC", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00:00.5Z", "2026-03-01 10:00:00.5"),
        ("2026-03-01 10:00:00.000 +0000", "2026-03-01 10:00:00"),
        ("2026-03-01 10:00:00 -07:00", "2026-03-01 17:00:00"),
        ("2026-03-01T10:00:00+0530", "2026-03-01 04:30:00"),
        ("2026-03-01 10:00:00 Z", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00Z", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00+02:00", "2026-03-01 08:00:00"),
        ("2026/03/01 10:00:00 -0800", "2026-03-01 18:00:00"),
        ("1740816300", None),
        ("3/1/2026", None),
        ("10:00 +0000", None),
        ("soon", None),
    ],
)
def test_the_loader_and_the_models_read_the_same_times(text, time, tmp_path):
    macro = (ROOT / "macros" / "engines" / "try_timestamp.sql").read_text(encoding="utf-8")
    (body,) = re.findall(r"macro duckdb__try_timestamp\(text\) -%}(.*?){%- endmacro", macro, re.DOTALL)
    sql = jinja2.Template(body).render(text="said")
    with connect(tmp_path / "times.duckdb") as database:
        (read, is_read) = database.execute(
            f"select ({sql})::varchar, {is_time('said', False)} from (select $1::varchar as said)", [text]
        ).fetchone()
    assert (read, is_read) == (time, time is not None)


def test_one_column_of_a_group_is_enough(calls):
    table = replace(CALLS, required=("id",), one_of=(("seen_at", "at"), ("who", "page_url")), moments=())
    assert calls("calls.csv", "at,who,id\nnow,me,1\n", table) == [("1", "now", None, "me", None)]
    for name, content in (("calls.csv", "id,who,seenAt\n1,me,now\n"), ("calls.jsonl", '{"id":1,"who":2,"seenAt":3}')):
        with pytest.raises(UserError) as error:
            calls(name, content, table)
        names = "id, who, seenAt"
        assert str(error.value) == (
            f"shop/{name}: no column 'seen_at' or 'at'; it has {names}; rename 'seenAt' to 'seen_at', if that is what"
            " it is"
        )


def parquet(tmp_path, query):
    file = tmp_path / "made.parquet"
    duckdb.sql(f"copy ({query}) to '{file}' (format parquet)")
    return file.read_bytes()


def test_a_key_that_became_an_object_is_refused(calls, tmp_path):
    said = (
        "each of the {} values of 'id' is an object or a list (such as '{}') where a single value is expected;"
        " take the value out of it"
    )
    content = parquet(tmp_path, "select {'value': 1} as id, '2026-01-31' as at")
    for table in (CALLS, replace(CALLS, is_append=True)):  # the models read files of the latter where they lie
        assert refused(calls, "calls.parquet", content, table) == "shop/calls.parquet: " + said.format(1, '{"value":1}')
    lines = '{"id": ["a"], "at": "2026-01-31"}\n{"id": ["b"], "at": "2026-01-31"}\n'
    assert refused(calls, "calls.jsonl", lines) == "shop/calls.jsonl: " + said.format(2, '["a"]')
    table = replace(CALLS, nested=("id",))
    assert len(calls("calls.jsonl", lines, table)) == 2
    assert len(calls("calls.jsonl", lines + '{"id": 1, "at": "2026-01-31"}\n')) == 3


def test_native_types_are_the_same_text_as_in_a_csv(calls, tmp_path):
    content = parquet(
        tmp_path,
        "select 7::double as id, timestamptz '2026-01-31 10:00:00+02' as at, 'a@acme.example'::blob as who,"
        " 0.5::float as page_url, 1769817600000::double as seen_at"
        " union all select 8, null, '\\xFF'::blob, null, null",
    )
    assert calls("calls.parquet", content) == [
        ("7", "2026-01-31 08:00:00+00", "1769817600000", "a@acme.example", "0.5"),
        ("8", None, None, "\\xFF", None),
    ]


# as check tells it, with the tables as they are declared

PAGES = "id,timestamp,user_id,anonymous_id,url,context_group_id,context_traits_email,context_user_agent"
PAGE = "p1,2026-01-31,u1,d1,https://acme.example/,g1,mira@acme.example,Mozilla"


@pytest.fixture
def lines(tmp_path):
    """What `check` says to these files of a system, by name."""

    def of(system="segment", form="csv", **files):
        for name, content in files.items():
            file = tmp_path / system / name.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.with_suffix(f".{form}").write_text(content)
        project = load_project(ROOT)
        problems = check(replace(project, vars={**project.vars, "sources": [system]}), tmp_path)
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


def test_some_times_that_cannot_be_read_are_noted(lines):
    rows = f"{PAGE}\n{PAGE.replace('2026-01-31', '1769817600')}\n{PAGE.replace('2026-01-31', '')}\n"
    assert lines(pages=f"{PAGES}\n{rows}") == [
        "note: segment/pages: 1 record whose timestamp is no time (such as '1769817600'); write ISO 8601 such as"
        " 2026-01-31T12:00:00Z; they will be rejected"
    ]


def test_a_key_that_no_record_has_is_noted_where_another_may_stand_for_it(lines):
    event = '{"uuid": "1", "event": "a", "distinct_id": "b", "properties": {}, "timestamp": "2026-01-31", "%s": "p"}\n'
    assert lines(system="posthog", form="jsonl", events=event % "cake") == []
    assert lines(system="posthog", form="jsonl", events=event % "cake" + event % "person_id") == []
    assert lines(system="posthog", form="jsonl", events=event % "personId") == [
        "note: posthog/events.jsonl: no column 'person_id', but an unknown one 'personId'; rename it to 'person_id'"
        " if that is what it is"
    ]


def test_tables_per_event_are_part_files_of_tracks(lines):
    header = "id,event,event_text,timestamp,user_id,anonymous_id,context_group_id,context_traits_email"
    files = {
        "tracks__signed_up": f"{header},context_user_agent,plan\nt1,signed_up,Signed Up,2026-01-31,u,a,g,e,Moz,pro\n",
        "tracks__seat_added": f"{header},context_user_agent,seats\nt2,seat_added,Seat Added,2026-01-31,u,a,g,e,Moz,3\n",
    }
    assert lines(**files) == []
