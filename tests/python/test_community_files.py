"""Files as Discourse, Slack and Stack Exchange deliver them end in the raw tables that the sources files declare.

Invented people, in the vendors' formats; what becomes of the rows is tested beside the models.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from harness import ROOT

from activity_score.load import load
from activity_score.project import load_project
from activity_score.raw_files import unused_entries
from activity_score.sources import system_tables


class Delivery:
    """A data directory with the files of one system, and what loading them gives."""

    def __init__(self, folder: Path, system: str) -> None:
        self.data, self.database, self.system = folder / "data", folder / "work.duckdb", system
        self.tables = system_tables(load_project(ROOT), system)

    def write(self, name: str, content: object) -> None:
        file = self.data / self.system / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")

    def load(self) -> int:
        return load(self.tables, self.data, self.database).unreadable

    def rows(self, table: str, *columns: str) -> list[tuple]:
        names = ", ".join(f'"{column}"' for column in columns)
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(f"select {names} from raw_{self.system}.{table} order by all").fetchall()


@pytest.fixture
def discourse(tmp_path):
    return Delivery(tmp_path, "discourse")


@pytest.fixture
def slack(tmp_path):
    return Delivery(tmp_path, "slack")


@pytest.fixture
def stackexchange(tmp_path):
    return Delivery(tmp_path, "stackexchange")


POST = {"id": 11, "topic_id": 7, "post_number": 1, "user_id": 43, "created_at": "2026-01-02T03:04:05.678Z"}


def test_pages_of_a_forum(discourse):
    topic = {"id": 7, "created_at": "2026-01-02T03:04:05.600Z", "posters": [{"user_id": 43}]}
    shown = {"id": 8, "created_at": "2026-01-03", "details": {"created_by": {"id": 44}}}
    shown["post_stream"] = {"posts": [POST], "stream": [11, 12]}
    collected = [{"backend_name": "Discourse", "data": {**shown, "id": 9}}]
    discourse.write("topics/latest.json", {"users": [{"id": 43}], "topic_list": {"per_page": 30, "topics": [topic]}})
    discourse.write("topics/8.json", shown)
    discourse.write("topics/collected.json", collected)
    discourse.write("posts/8.json", shown)
    discourse.write("posts/posts.json", {"latest_posts": [{**POST, "id": 12}, {**POST, "id": 13}]})
    discourse.write("posts/14.json", {**POST, "id": 14})
    discourse.write("posts/collected.json", [{"data": {"post_stream": {"posts": [{**POST, "id": 15}]}}}])
    like = {"action_type": 1, "post_id": 11, "acting_user_id": 44, "created_at": "2026-01-03T03:04:05.678Z"}
    discourse.write("post_actions.json", {"user_actions": [like]})
    assert discourse.load() == 0
    assert discourse.rows("topics", "id", "posters", "details") == [
        ("7", '[{"user_id":43}]', None),
        ("8", None, '{"created_by":{"id":44}}'),
        ("9", None, '{"created_by":{"id":44}}'),
    ]
    assert discourse.rows("posts", "id", "topic_id") == [(str(number), "7") for number in (11, 12, 13, 14, 15)]
    assert discourse.rows("post_actions", "post_id", "acting_user_id") == [("11", "44")]


def test_users_of_a_forum(discourse):
    export = "id,name,username,email,title,created_at,admin,website,Company (custom user field),group_names\n"
    discourse.write(
        "users/export.csv", export + "43,Ana K,ana,ana@acme.example,,2026-01-01 00:00:00 UTC,false,,Acme,\n"
    )
    discourse.write("users/active.json", [{"id": 44, "username": "ben", "email": "ben@beta.example"}])
    discourse.write("users/one.json", {"user_badges": [], "user": {"id": 45, "user_fields": {"1": None}}})
    discourse.write("users/directory.json", {"directory_items": [{"id": 46, "likes_given": 1, "user": {"id": 46}}]})
    discourse.load()
    assert discourse.rows("users", "id", "email", "created_at", "user_fields") == [
        ("43", "ana@acme.example", "2026-01-01 00:00:00 UTC", None),
        ("44", "ben@beta.example", None, None),
        ("45", None, None, '{"1":null}'),
        ("46", None, None, None),
    ]


def test_an_export_of_a_workspace(slack):
    slack.write("history/users.json", [{"id": "U1", "profile": {"email": "ana@acme.example"}}, {"id": "U2"}])
    slack.write("history/channels.json", [{"id": "C1", "name": "general", "members": ["U1"]}])
    slack.write("history/integration_logs.json", [{"user_id": "U1"}])
    slack.write("history/general/2026-01-01.json", [{"user": "U1", "ts": "1767225600.000100"}])
    slack.write("history/general/2026-01-02.json", [{"user": "U2", "ts": "1767312000.000100"}])
    slack.write("history/_help/2026-01-02.json", [{"user": "U1", "ts": "1767312000.000100"}])
    assert slack.load() == 0
    assert slack.rows("history", "channel", "user", "ts") == [
        ("_help", "U1", "1767312000.000100"),
        ("general", "U1", "1767225600.000100"),
        ("general", "U2", "1767312000.000100"),
    ]
    assert slack.rows("members", "id", "profile") == [("U1", '{"email":"ana@acme.example"}'), ("U2", None)]
    assert unused_entries(slack.data, slack.tables) == []


def test_answers_of_a_workspace(slack):
    slack.write("history/1.json", {"ok": True, "has_more": True, "messages": [{"user": "U1", "ts": "1767225600.1"}]})
    slack.write("history/C2/2.json", {"messages": [{"user": "U1", "ts": "1767225600.2"}], "ok": True})
    slack.write(
        "history/3.json", [{"backend_name": "Slack", "data": {"ts": "1767225600.3", "channel_info": {"id": "C3"}}}]
    )
    slack.write("history/4.csv", "ts,user,channel,text\n1767225600.4,U1,C4,hello\n")
    slack.write("members/1.json", {"ok": True, "members": [{"id": "U1"}, {"id": "U2"}]})
    slack.write("members/2.json", {"ok": True, "members": ["U3"], "response_metadata": {"next_cursor": "x"}})
    slack.write("members/3.json", {"ok": True, "user": {"id": "U4"}})
    slack.write("members/4.csv", "username,email,status,userid,fullname\nben,ben@beta.example,Member,U5,Ben O\n")
    assert slack.load() == 0
    assert slack.rows("history", "ts", "channel", "channel_info") == [
        ("1767225600.1", None, None),
        ("1767225600.2", "C2", None),
        ("1767225600.3", None, '{"id":"C3"}'),
        ("1767225600.4", "C4", None),
    ]
    assert [row[0] or row[1] for row in slack.rows("members", "id", "userid")] == ["U1", "U2", "U3", "U4", "U5"]


def test_dumps_of_two_sites_and_a_query(stackexchange):
    row = '<row Id="{}" PostTypeId="1" CreationDate="2026-01-02T03:04:05.678" OwnerUserId="8" Body="&lt;p&gt;x&#xA;" />'
    posts = f'<?xml version="1.0" encoding="utf-8"?>\n<posts>\n  {row}\n</posts>'
    stackexchange.write("ai.example.com/Posts.xml", posts.format(1))
    stackexchange.write("ai.example.com/Users.xml", '<users><row Id="8" DisplayName="Ana" AccountId="5" /></users>')
    stackexchange.write(
        "ai.example.com/Comments.xml", '<comments><row Id="3" PostId="1" CreationDate="2026-01-02" /></comments>'
    )
    stackexchange.write("ai.example.com/Badges.xml", "<badges></badges>")
    stackexchange.write("meta.example.com/Posts.xml", posts.format(2))
    stackexchange.write("Posts.csv", "Id,PostTypeId,ParentId,CreationDate,OwnerUserId\n3,2,1,2026-01-03 03:04:05,9\n")
    assert stackexchange.load() == 0
    assert stackexchange.rows("Posts", "Id", "PostTypeId", "CreationDate", "OwnerUserId", "site") == [
        ("1", "1", "2026-01-02T03:04:05.678", "8", "ai.example.com"),
        ("2", "1", "2026-01-02T03:04:05.678", "8", "meta.example.com"),
        ("3", "2", "2026-01-03 03:04:05", "9", None),
    ]
    assert stackexchange.rows("Users", "Id", "DisplayName", "AccountId", "site") == [
        ("8", "Ana", "5", "ai.example.com")
    ]
    assert stackexchange.rows("Comments", "Id", "PostId", "site") == [("3", "1", "ai.example.com")]
    assert unused_entries(stackexchange.data, stackexchange.tables) == []
