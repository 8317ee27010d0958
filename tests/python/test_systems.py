"""Every source system with a few records as its vendor delivers them: all systems at once, and each alone.

The files lie in tests/python/fixtures/<system>/; people and companies are invented. The counts of a system are the same
alone as among the others, but for people whose account only another system knows.
"""

from __future__ import annotations

import json
import re
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from harness import ROOT, Project, Tables

from activity_score.project import load_project
from activity_score.sources import every_system

FIXTURES = Path(__file__).parent / "fixtures"
AS_OF = date(2026, 3, 31)
SYSTEMS = every_system(load_project(ROOT))
UNKNOWN_EVENTS = 1_005  # more names than the published table keeps of a system

# Of every raw record of an activity table: counted, or why not.
COUNTS = {
    "generic": {"counted": 2, "duplicate": 1, "unknown_type": 1, "future": 1, "bad_occurred_at": 1},
    "gharchive": {"counted": 5, "bot": 1, "unknown_type": 1, "missing_created_at": 1},
    "fivetran_github": {"counted": 8, "bot": 2, "no_account": 1, "closed_by_merge": 1, "missing_created_at": 1},
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
        "counted": 5, "duplicate": 1, "ignored_page": 1, "bot": 1, "no_account": 1,
        "unknown_type": 1 + UNKNOWN_EVENTS, "missing_event": 1,
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

# Alone, nobody else knows the accounts of these people: the contacts of the generic feed do.
ALONE = COUNTS | {
    "gharchive": {"counted": 2, "no_account": 3, "bot": 1, "unknown_type": 1, "missing_created_at": 1},
    "fivetran_github": {"counted": 2, "no_account": 7, "bot": 2, "closed_by_merge": 1, "missing_created_at": 1},
    "stackexchange": {"no_account": 2, "not_a_question_or_answer": 1, "deleted_user": 1},
}  # fmt: skip

# Who did it and where: people are one across systems, and each system has its own way to the account.
ACTIVITIES = {
    ("generic", "g1"): ("page_view", "mira@acme.example", "acme.example"),
    ("gharchive", "101@2026-03-03T10:00:00Z"): ("github_star", "mira@acme.example", "acme.example"),
    ("gharchive", "102@2026-03-03T10:00:01Z"): ("github_issue_opened", None, "globex.example"),
    ("gharchive", "106@2026-03-03T10:00:05Z"): ("github_fork", "kim@soylent.example", "soylent.example"),
    ("fivetran_github", "issue:12"): ("github_pull_request_opened", "mira@acme.example", "acme.example"),
    ("fivetran_github", "commit:a1b2"): ("github_commit", "tess@globex.example", "globex.example"),
    ("fivetran_github", "commit:b9c0"): ("github_commit", "mira@acme.example", "acme.example"),
    ("fivetran_hubspot", "form:c1"): ("demo_requested", "lena@initech.example", "initech.example"),
    ("fivetran_hubspot", "engagement:m1"): ("meeting_held", "lena@initech.example", "initech.example"),
    ("fivetran_salesforce", "campaign_member:r1"): ("webinar_attended", "ada@hooli.example", "hooli.example"),
    ("fivetran_marketo", "activity_visit_webpage:1"): (
        "pricing_page_view", "omar@umbrella.example", "umbrella.example",
    ),
    ("segment", "p1"): ("docs_page_view", "noor@stark.example", "stark.example"),
    ("segment", "t4"): ("signup", "noor@stark.example", "stark.example"),
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
    return project_of(tmp_path_factory.mktemp("systems"), SYSTEMS)


@pytest.fixture(scope="module")
def tables(project):
    """What the build of all systems publishes."""
    return project.build(AS_OF)


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> dict[str, Future[Tables]]:
    """What the builds publish in which one system is switched on and has files; two at a time, one for each core."""
    projects = {system: project_of(tmp_path_factory.mktemp(system), [system]) for system in SYSTEMS}
    with ThreadPoolExecutor(2) as pool:
        return {system: pool.submit(made.build, AS_OF) for system, made in projects.items()}


def project_of(folder: Path, systems: list[str]) -> Project:
    """A project in which these systems are switched on, with the files of these."""
    made = Project(folder, vars={"sources": systems})
    for system in systems:
        shutil.copytree(FIXTURES / system, made.data / system)
    if "segment" in systems:
        with (made.data / "segment" / "tracks" / "tracks.csv").open("a", encoding="utf-8") as tracks:
            for number in range(UNKNOWN_EVENTS):
                tracks.write(f"n{number},2026-03-14 12:00:00,u-1,an-1,cake_number_{number},\n")
    return made


def counts_of(tables: Tables, system: str) -> dict[str, int]:
    """How many records of a system were counted, and how many not, by reason."""
    rows = [row for row in tables.rows("source_reconciliation") if row["source_system"] == system]
    return {row["disposition_reason"] or row["disposition"]: row["record_count"] for row in rows}


def notes_of(project: Project) -> list[dict[str, str]]:
    """What `check` says after a build."""
    listed = project.command("check", "--json", "--data-dir", str(project.data), "--warehouse", str(project.warehouse))
    assert listed.returncode == 0, listed.stderr
    return json.loads(listed.stdout)


def test_every_system_has_records_here():
    assert sorted(COUNTS) == sorted(folder.name for folder in FIXTURES.iterdir()) == SYSTEMS


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_record_is_counted_or_says_why_not(tables, system):
    assert counts_of(tables, system) == COUNTS[system]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_alone_counts_the_same(alone, system):
    published = alone[system].result()
    assert counts_of(published, system) == ALONE[system]
    others = {row["source_system"] for row in published.rows("source_reconciliation") if row["record_count"]} - {system}
    assert others == set()
    of_it = [domain for (of, _), (_, _, domain) in ACTIVITIES.items() if of == system]
    scored = {row["account_domain"] for row in published.rows("accounts") if row["activity_score"] > 0}
    assert bool(scored) == ("counted" in ALONE[system])
    assert scored <= {*of_it, "nowhere-mail.example"}


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
    notes = [f"{note['where']}: {note['what']}" for note in notes_of(project)]
    assert (
        "seeds/form_rules.csv: no rule for the form 'cake wishes' of fivetran_hubspot (once), which counts as"
        " form_submitted" in notes
    )
    assert any(re.match(r"seeds/event_rules.csv: and \d+ more names without a rule", note) for note in notes)


# After the rows that `check` proposes were pasted: what was unknown counts.
PASTED = {
    "generic": {"counted": 3, "duplicate": 1, "future": 1, "bad_occurred_at": 1},
    "gharchive": {"counted": 6, "bot": 1, "missing_created_at": 1},
    "fivetran_salesforce": {
        "counted": 4, "same_activity": 1, "not_an_activity": 1, "no_response": 1, "missing_start_date_time": 1,
    },
    "posthog": {"counted": 2, "ignored_event": 2, "bad_timestamp": 1},
    "rudderstack": {"counted": 3, "bad_timestamp": 1},
}  # fmt: skip


def test_a_pasted_row_makes_the_name_count(tables, project):
    """Each row as `check` proposes it, with what only people can tell filled in. Last, because it changes the seeds."""
    pasted, ours = {}, {"<activity_type>": "product_feature_used", "<source>": "website", "<why>": "Ours."}
    for note in notes_of(project):
        before, proposes, row = note["mend"].partition("such as ")
        if proposes and "add a row" in before:
            seed = "activity_types" if "seeds/activity_types.csv" in before else Path(note["where"]).stem
            pasted[note["what"]] = (seed, re.sub("<.*?>", lambda found: ours[found[0]], row))
    assert {seed for seed, _ in pasted.values()} == {rules for _, rules, _ in UNMATCHED}
    for seed, row in pasted.values():
        with (project.root / "seeds" / f"{seed}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    rebuilt = project.build(AS_OF)
    assert {system: counts_of(rebuilt, system) for system in PASTED} == PASTED
    assert not {note["what"] for note in notes_of(project)} & set(pasted)
