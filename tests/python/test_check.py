"""`check` on data directories that are wrong in one way each, and in several ways at once."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from activity_score.check import MAX_TYPES_LISTED, check
from activity_score.project import load_project

ROOT = Path(__file__).resolve().parents[2]
ACTIVITIES = "activity_id,occurred_at,activity_type,email\n"
GOOD = "a1,2026-03-01T10:00:00Z,page_view,ada@acme.example\n"


@pytest.fixture
def data(tmp_path):
    """A data directory with one right activity; returns a function that writes further files into it."""

    def put(name, text):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    put.folder = tmp_path
    put("generic/activities.csv", ACTIVITIES + GOOD)
    return put


def problems(data, **variables):
    project = load_project(ROOT)
    return check(replace(project, vars={**project.vars, **variables}), data.folder)


def lines(data, **variables):
    return [str(problem) for problem in problems(data, **variables)]


def test_nothing_is_wrong_with_a_good_feed(data):
    data("generic/accounts.csv", "account_domain,account_name\nacme.example,Acme\n")
    data("generic/contacts.csv", "email,full_name\nada@acme.example,Ada\n")
    assert lines(data) == []


def test_unknown_types_are_counted_the_most_frequent_first(data):
    unknown = "b1,2026-03-01,acrobat_seen,\nb2,2026-03-01,Page_Views,\nb3,2026-03-01,page_views ,\n"
    data("generic/activities.csv", ACTIVITIES + GOOD + unknown)
    row = "add a row to seeds/activity_types.csv, such as"
    assert lines(data) == [
        "generic/activities: 2 records of the unknown type 'page_views' will be excluded; write page_view if that is"
        f" meant, or {row} page_views,<source>,Page views,low,1,1,false,page views,,<why>",
        "generic/activities: 1 record of the unknown type 'acrobat_seen' will be excluded;"
        f" {row} acrobat_seen,<source>,Acrobat seen,low,1,1,false,acrobat seen,,<why>",
    ]
    assert {problem.severity for problem in problems(data)} == {"note"}


def test_many_unknown_types_are_summed_up(data):
    more = "".join(f"b{n},2026-03-01,q{n:03}{'xyz' * 9},\n" for n in range(MAX_TYPES_LISTED + 5))
    data("generic/activities.csv", ACTIVITIES + GOOD + more)
    listed = lines(data)
    assert len(listed) == MAX_TYPES_LISTED + 1
    assert listed[-1] == (
        "generic/activities: 5 records of 5 more unknown types will be excluded; add rows to seeds/activity_types.csv"
    )


def test_times_that_cannot_be_read_are_counted_with_an_example(data):
    data("generic/activities.csv", ACTIVITIES + GOOD + "b1,yesterday,page_view,\nb2,,page_view,\n")
    assert lines(data) == [
        "generic/activities: 2 records without an occurred_at that can be read (such as occurred_at 'yesterday');"
        " write ISO 8601 such as 2026-01-31T12:00:00Z; they will be rejected"
    ]


def test_unreadable_lines_are_counted_with_the_first_reason(data):
    data("generic/activities.csv", ACTIVITIES + GOOD + "b1,2026-03-01\n" + "b2,2026-03-01,page_view,,,\n")
    assert lines(data) == [
        "generic/activities: 2 records cannot be read, the first: generic/activities.csv, line 3: 2 fields where the"
        " header has 4; mend or remove them; they will be rejected"
    ]


def test_accounts_and_contacts_without_a_key(data):
    data("generic/accounts.csv", "account_domain,account_name\nacme.example,Acme\n ,Nowhere\n")
    data("generic/contacts.csv", "email,full_name,user_id\nada@acme.example,Ada,\n,Bob,u1\n,Nobody, \n")
    assert lines(data) == [
        "generic/accounts: 1 record without account_domain, the key (such as account_name 'Nowhere');"
        " fill it in; they will be rejected",
        "generic/contacts: 1 record without email or another identifier (such as full_name 'Nobody');"
        " fill in the email; they will be rejected",
    ]


def test_a_free_mail_domain_is_no_account(data):
    data("generic/accounts.csv", "account_domain\nacme.example\nGmail.com\n")
    assert lines(data) == [
        "generic/accounts: 1 record with a free-mail domain as account_domain (such as account_domain 'Gmail.com');"
        " give the company's own domain; mail from a free-mail domain counts for no account"
    ]


def test_the_whole_archive_is_noted_and_named_repositories_are_not(data):
    data(
        "gharchive/events.jsonl",
        '{"id": "1", "type": "WatchEvent", "actor": {}, "repo": {}, "created_at": "2026-03-01"}\n',
    )
    (line,) = lines(data, tracked_repositories=["*"])
    assert line.startswith("vars: tracked_repositories: '*' takes every repository of the archive for yours;")
    assert lines(data, tracked_repositories=["acme/*"]) == []


def test_files_that_nothing_reads_are_noted(data):
    data("generic/acounts.csv", "account_domain\n")
    data("hubspot/contacts.csv", "email\n")
    assert lines(data) == [
        f"{name}: will not be read; no system that is switched on has such a table"
        for name in ("hubspot/", "generic/acounts.csv")
    ]


def test_errors_of_several_files_and_of_the_settings_are_all_told(data):
    data("generic/activities.csv.gz", gzip.compress((ACTIVITIES + GOOD).encode() * 99)[:-30])
    data("generic/accounts.csv", "domain,account_name\nacme.example,Acme\n")
    data("generic/contacts.parquet", b"not parquet")
    data("generic/opportunities.xls", b"")
    (data.folder / "generic/activities.csv").unlink()
    found = problems(data, identity_rounds=0)
    assert {problem.severity for problem in found} == {"error"}
    text = "\n".join(str(problem) for problem in found)
    for where in (
        "dbt_project.yml, vars: identity_rounds: is 0",
        "generic/activities.csv.gz: the compressed file is damaged or cut off",
        "generic/accounts.csv: no column 'account_domain'; it has domain, account_name; rename 'domain' to",
        "generic/contacts.parquet: not a Parquet file",
        "generic/opportunities.xls: not a kind of file that is read",
    ):
        assert where in text
    assert len(found) == 5


def test_a_data_directory_without_activities_is_an_error(data):
    (data.folder / "generic/activities.csv").unlink()
    (problem,) = problems(data)
    assert (problem.severity, "no activities found" in str(problem)) == ("error", True)


def test_a_feed_of_no_known_kind_is_told_once(data):
    (data.folder / "generic/activities.csv").rename(data.folder / "generic/activities.doc")
    (line,) = lines(data)
    assert line.startswith("generic/activities.doc: not a kind of file that is read")


def test_an_unknown_system_is_told_once_and_stops_the_reading_of_files(data):
    found = lines(data, sources=["generic", "hubspt"])
    assert found
    assert all("hubspt" in line for line in found)
