"""Every source system at once, each with a few records as its vendor delivers them: what becomes of every one.

The files lie in tests/python/fixtures/<system>/; people and companies are invented. One build serves all tests here.
That a system works without the others is read off the graph of that build, since a build of each alone would cost
minutes: a model of a system may rest on nothing of another one, and all others know only what each system ends in.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from harness import ROOT, Project

from activity_score import dbt
from activity_score.project import Warehouse, load_project
from activity_score.sources import every_system

FIXTURES = Path(__file__).parent / "fixtures"
AS_OF = date(2026, 3, 31)
SYSTEMS = every_system(load_project(ROOT))
UNKNOWN_EVENTS = 1_005  # more names than the published table keeps of a system

# Of every raw record of an activity table: counted, or why not.
COUNTS = {
    "generic": {"counted": 2, "duplicate": 1, "unknown_type": 1, "future": 1, "bad_occurred_at": 1},
    "gharchive": {"counted": 2, "bot": 1, "unknown_type": 1, "missing_created_at": 1},
    "fivetran_github": {"counted": 5, "bot": 1, "closed_by_merge": 1, "missing_created_at": 1},
    "fivetran_hubspot": {
        "counted": 4, "deleted": 1, "delivery_step": 1, "filtered_event": 1, "same_activity": 1, "not_an_activity": 1,
        "bad_timestamp": 1,
    },
    "fivetran_salesforce": {
        "counted": 3, "same_activity": 1, "not_an_activity": 1, "no_campaign_rule": 1, "no_response": 1,
        "missing_start_date_time": 1,
    },
    "fivetran_marketo": {"counted": 4, "ignored_page": 1, "missing_lead_id": 1},
    "segment": {
        "counted": 3, "ignored_page": 1, "bot": 1, "no_account": 1, "unknown_type": 1 + UNKNOWN_EVENTS,
        "missing_event": 1,
    },
    "rudderstack": {"counted": 2, "unknown_type": 1, "bad_timestamp": 1},
    "posthog": {"counted": 1, "ignored_event": 2, "unknown_type": 1, "bad_timestamp": 1},
    "snowplow": {"counted": 1, "duplicate": 1, "ignored_event": 1, "unknown_type": 1, "missing_timestamp": 1},
    "scarf": {"counted": 1, "do_not_track": 1, "no_account": 1, "bot": 1, "missing_time": 1},
    "usage_events": {"counted": 2, "unknown_type": 1, "non_production": 1, "unknown_source": 1},
    "discourse": {"counted": 2, "staff": 1, "deleted": 1, "bot": 1},
    "slack": {"counted": 2, "staff": 1, "system_message": 1, "bot": 1},
    "stackexchange": {"counted": 2, "not_a_question_or_answer": 1, "deleted_user": 1},
}  # fmt: skip

# Who did it and where: people are one across systems, and each system has its own way to the account.
ACTIVITIES = {
    ("generic", "g1"): ("page_view", "mira@acme.example", "acme.example"),
    ("gharchive", "101@2026-03-03T10:00:00Z"): ("github_star", "mira@acme.example", "acme.example"),
    ("gharchive", "102@2026-03-03T10:00:01Z"): ("github_issue_opened", None, "globex.example"),
    ("fivetran_github", "issue:12"): ("github_pull_request_opened", "mira@acme.example", "acme.example"),
    ("fivetran_github", "commit:a1b2"): ("github_commit", "tess@globex.example", "globex.example"),
    ("fivetran_hubspot", "form:c1"): ("demo_requested", "lena@initech.example", "initech.example"),
    ("fivetran_hubspot", "engagement:m1"): ("meeting_held", "lena@initech.example", "initech.example"),
    ("fivetran_salesforce", "campaign_member:r1"): ("webinar_attended", "ada@hooli.example", "hooli.example"),
    ("fivetran_marketo", "activity_visit_webpage:1"): (
        "pricing_page_view", "omar@umbrella.example", "umbrella.example",
    ),
    ("segment", "p1"): ("docs_page_view", "noor@stark.example", "stark.example"),
    ("rudderstack", "m1"): ("pricing_page_view", "pia@wayne.example", "wayne.example"),
    ("posthog", "x1"): ("product_session", "quinn@cyberdyne.example", "cyberdyne.example"),
    ("snowplow", "s1"): ("pricing_page_view", "rio@tyrell.example", "tyrell.example"),
    ("scarf", "f1"): ("package_download", None, "monarch.example"),
    ("usage_events", "events:y1"): ("login", "vik@gringotts.example", "gringotts.example"),
    ("usage_events", "aggregated_events:z1"): ("telemetry_heartbeat", None, "gringotts.example"),
    ("discourse", "topic:7"): ("community_topic", "wanda@vandelay.example", "vandelay.example"),
    ("slack", "general:1774000860.000100"): ("community_reply", "xena@duff.example", "duff.example"),
    ("stackexchange", "post:widgets.exchange.example:1"): ("community_question", "mira@acme.example", "acme.example"),
}  # fmt: skip

# Without a rule, by system: the seed that a row would go to, and the name.
UNMATCHED = {
    ("generic", "activity_types", "flux_waved"),
    ("gharchive", "activity_types", "github_follow"),
    ("fivetran_hubspot", "form_rules", "cake wishes"),
    ("fivetran_salesforce", "campaign_rules", "sky writing > responded"),
    ("fivetran_marketo", "page_rules", "/cake/"),
    ("fivetran_marketo", "form_rules", "cake survey"),
    ("segment", "page_rules", "www.widget.example/cake/"),
    ("rudderstack", "event_rules", "cake_baked"),
    ("posthog", "event_rules", "cake_baked"),
    ("snowplow", "event_rules", "cake_baked"),
    ("usage_events", "event_rules", "flux_turned"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """All systems switched on, and the files of all of them."""
    made = Project(tmp_path_factory.mktemp("systems"), vars={"sources": SYSTEMS})
    shutil.copytree(FIXTURES, made.data, dirs_exist_ok=True)
    with (made.data / "segment" / "tracks.csv").open("a", encoding="utf-8") as tracks:
        for number in range(UNKNOWN_EVENTS):
            tracks.write(f"n{number},2026-03-14 12:00:00,u-1,an-1,cake_number_{number},\n")
    return made


@pytest.fixture(scope="module")
def tables(project):
    """What the build publishes."""
    return project.build(AS_OF)


def test_every_system_has_records_here():
    assert sorted(COUNTS) == sorted(folder.name for folder in FIXTURES.iterdir()) == SYSTEMS


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_record_is_counted_or_says_why_not(tables, system):
    rows = [row for row in tables.rows("source_reconciliation") if row["source_system"] == system]
    counts = {row["disposition_reason"] or row["disposition"]: row["record_count"] for row in rows}
    assert counts == COUNTS[system]


def test_people_and_accounts_meet_across_systems(tables):
    emails = {row["developer_id"]: row["email"] for row in tables.rows("developers")}
    domains = {row["account_id"]: row["account_domain"] for row in tables.rows("accounts")}
    found = {
        (row["source_system"], row["activity_id"]): (
            row["activity_type"],
            emails.get(row["developer_id"]),
            domains[row["account_id"]],
        )
        for row in tables.rows("activity_ledger")
        if row["disposition"] == "counted"
    }
    assert {key: found.get(key) for key in ACTIVITIES} == ACTIVITIES


def test_every_account_has_a_score(tables):
    scored = {row["account_domain"] for row in tables.rows("accounts") if row["activity_score"] > 0}
    assert scored == {domain for _, _, domain in ACTIVITIES.values()} | {"nowhere-mail.example"}


def test_what_no_rule_knows_is_published_and_listed(tables, project):
    rows = tables.rows("unmatched_names")
    found = {(row["source_system"], row["rules"], row["name"]) for row in rows}
    assert found >= UNMATCHED
    assert len([row for row in rows if row["source_system"] == "segment"]) == 1000
    listed = project.command("check", "--json", "--data-dir", str(project.data), "--warehouse", str(project.warehouse))
    assert listed.returncode == 0, listed.stderr
    notes = [f"{note['where']}: {note['what']}" for note in json.loads(listed.stdout)]
    assert "seeds/form_rules.csv: no rule for the form 'cake wishes' of fivetran_hubspot (once), which counts as" in (
        "\n".join(notes)
    )
    assert any(re.match(r"seeds/event_rules.csv: and \d+ more names without a rule", note) for note in notes)


def test_no_system_rests_on_another(tables, project):
    """Read off the graph: models of a system know its own folder only, the others know systems by their last models."""
    manifest = json.loads((Warehouse(project.warehouse).target / "manifest.json").read_text(encoding="utf-8"))
    models = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}

    def system_of(key: str) -> str | None:
        parts = models[key]["fqn"] if key in models else []
        return parts[2] if parts[1:2] == ["staging"] else None

    last = re.compile(r"stg_(\w+)__(activities|accounts|contacts|opportunities)$")
    found = {system_of(key) for key in models} - {None}
    assert found == set(SYSTEMS)
    for key, node in models.items():
        for other in filter(system_of, node["depends_on"]["nodes"]):
            if system_of(key):
                assert system_of(other) == system_of(key), f"{node['name']} rests on {other}"
            else:
                assert last.search(other), f"{node['name']} rests on {other}, which only its own system may know"


@pytest.mark.parametrize("system", ["generic", "scarf"])
def test_a_system_alone_is_a_whole_project(tmp_path, system):
    """For dbt: nothing refers to a model that is switched off. Scarf has activities only, and one column more."""
    warehouse = Warehouse(tmp_path)
    warehouse.work.mkdir()
    words = [dbt.PROGRAM, "--log-path", str(warehouse.log), "--quiet", "parse", "--project-dir", str(ROOT)]
    words += ["--profiles-dir", str(ROOT), "--target-path", str(warehouse.target), "--vars"]
    env = dbt.environment(warehouse, AS_OF, datetime(2026, 4, 1, tzinfo=UTC))
    done = subprocess.run(
        [*words, json.dumps({"sources": [system]})], env=env, cwd=warehouse.work, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
