"""`check` lists what no rule knew in the published build, with a row that may be pasted into its seed."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from activity_score.check import check
from activity_score.project import load_project
from activity_score.settings import check_settings
from activity_score.unmatched import MAX_NAMES_LISTED

ROOT = Path(__file__).resolve().parents[2]
RULES = {
    "page_rules": "10,localhost*,*,,Ours.\n900,*,*/docs/*,docs_page_view,Docs.\n1000,*,*,page_view,Any other.\n",
    "event_rules": "10,,signed_up,signup,The name.\n20,usage_events,deploy*,deployment,In earnest.\n",
    "form_rules": "10,*demo*,demo_requested,The wish.\n",
    "campaign_rules": "10,*webinar*,*,webinar_registered,Any response.\n",
}
SYSTEMS = ["generic", "segment", "posthog", "fivetran_hubspot", "fivetran_salesforce", "usage_events"]


@pytest.fixture
def project(tmp_path):
    """The project with rules of its own."""
    for part in ("dbt_project.yml", "models/staging", "seeds"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        (tmp_path / "project" / part).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / part, tmp_path / "project" / part)
    for seed, rows in RULES.items():
        file = tmp_path / "project" / "seeds" / f"{seed}.csv"
        file.write_text(file.read_text(encoding="utf-8").partition("\n")[0] + "\n" + rows, encoding="utf-8")
    found = load_project(tmp_path / "project")
    return replace(found, vars={**found.vars, "sources": SYSTEMS})


@pytest.fixture
def notes(project, tmp_path):
    """What `check` says to a published build with these rows of unmatched_names."""
    data = tmp_path / "data" / "generic"
    data.mkdir(parents=True)
    (data / "activities.csv").write_text("activity_id,occurred_at,activity_type\na1,2026-03-01T10:00:00Z,page_view\n")

    def check_with(*rows):
        published = tmp_path / "marts.duckdb"
        published.unlink(missing_ok=True)
        with duckdb.connect(str(published)) as connection:
            connection.execute("create schema marts")
            connection.execute(
                "create table marts.marts.unmatched_names"
                " (source_system text, rules text, name text, activity_type text, activity_count bigint)"
            )
            for system, rules, name, count in rows:
                connection.execute(
                    "insert into marts.marts.unmatched_names values (?, ?, ?, null, ?)", [system, rules, name, count]
                )
        problems = check(project, tmp_path / "data", published)
        assert {problem.severity for problem in problems} <= {"note"}
        return [str(problem) for problem in problems]

    return check_with


def append(project, seed, row):
    with (project.seeds / f"{seed}.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")


def test_every_kind_of_name_is_counted_and_gets_its_row(notes):
    assert notes(
        ("segment", "page_rules", "www.acme.example/", 40),
        ("segment", "page_rules", "www.acme.example/cats/", 1200),
        ("posthog", "page_rules", "/cats/", 2),
        ("segment", "event_rules", "flux_charged", 1),
        ("usage_events", "event_rules", "flux_turned", 7),
        ("fivetran_hubspot", "form_rules", 'wish "list", 2026', 3),
        ("fivetran_salesforce", "campaign_rules", "sky writing > responded", 5),
        ("fivetran_salesforce", "campaign_rules", " > seen", 4),
    ) == [
        "seeds/page_rules.csv: no rule but that for every page for www.acme.example/cats/ of segment (1,200 times);"
        " add a row such as 901,www.acme.example,/cats/*,page_view,<why>",
        "seeds/page_rules.csv: no rule but that for every page for www.acme.example/ of segment (40 times);"
        " add a row such as 902,www.acme.example,/,page_view,<why>",
        "seeds/page_rules.csv: no rule but that for every page for /cats/ of posthog (2 times);"
        " add a row such as 903,*,/cats/*,page_view,<why>",
        "seeds/event_rules.csv: no rule for the event 'flux_turned' of usage_events (7 times), which counts for"
        " nothing; add a row such as 30,usage_events,flux_turned,<activity_type>,<why>",
        "seeds/event_rules.csv: no rule for the event 'flux_charged' of segment (once), which counts for nothing;"
        " add a row such as 40,segment,flux_charged,<activity_type>,<why>",
        "seeds/form_rules.csv: no rule for the form 'wish \"list\", 2026' of fivetran_hubspot (3 times), which counts"
        ' as form_submitted; add a row such as 20,"wish ""list"", 2026",form_submitted,<why>',
        "seeds/campaign_rules.csv: no rule for the response 'sky writing > responded' of fivetran_salesforce (5 times),"
        " which counts for nothing; add a row such as 20,sky writing,responded,<activity_type>,<why>",
        "seeds/campaign_rules.csv: no rule for the response ' > seen' of fivetran_salesforce (4 times), which counts"
        " for nothing; add a row such as 30,*,seen,<activity_type>,<why>",
    ]


def test_an_event_is_proposed_as_what_it_is_elsewhere_or_is_written_like(notes):
    first, second = notes(
        ("segment", "event_rules", "deploy_halted", 2),  # usage_events has a rule for deploy*
        ("segment", "event_rules", "demo_requester", 1),
    )
    assert first.endswith("add a row such as 30,segment,deploy_halted,deployment,<why>")
    assert second.endswith("add a row such as 40,segment,demo_requester,demo_requested,<why>")


def test_what_was_pasted_is_listed_no_more_and_is_right(notes, project):
    rows = [
        ("segment", "page_rules", "www.acme.example/cats/", 9),
        ("segment", "page_rules", "/cats/", 8),
        ("segment", "page_rules", "www.acme.example/", 7),
        ("segment", "event_rules", "deploy_halted", 6),
        ("fivetran_hubspot", "form_rules", "wish, 2026", 5),
    ]
    listed = notes(*rows)
    assert len(listed) == len(rows)
    for line in listed:
        seed, row = line.removeprefix("seeds/").partition(".csv")[0], line.partition("add a row such as ")[2]
        append(project, seed, row)
    assert check_settings(project) == []
    assert notes(*rows) == []


def test_rules_of_today_hold_and_an_activity_type_needs_none(notes, project):
    rows = [("segment", "event_rules", "flux_charged", 2), ("posthog", "event_rules", "flux_charged", 1)]
    append(project, "event_rules", "3000,segment,flux_*,,Our own.")
    (line,) = notes(*rows)
    assert "of posthog" in line
    append(project, "activity_types", "flux_charged,product_usage,Flux charged,low,1,1,false,charged a flux,,New.")
    assert notes(*rows) == []
    append(project, "form_rules", "900,*,form_submitted,Any other form.")
    assert notes(("fivetran_hubspot", "form_rules", "wish list", 5)) == []


def test_many_names_are_summed_up(notes):
    listed = notes(*(("segment", "event_rules", f"flux{n:02}", 1000 - n) for n in range(MAX_NAMES_LISTED + 3)))
    assert len(listed) == MAX_NAMES_LISTED + 1
    assert listed[-1] == (
        "seeds/event_rules.csv: and 3 more names without a rule (2,967 times in all);"
        " the published table unmatched_names lists them"
    )


def test_a_row_for_a_page_says_where_there_is_no_number_left(notes, project):
    append(project, "page_rules", "998,x.example,*,page_view,Ours.")
    first, second = notes(("segment", "page_rules", "a.example/", 2), ("segment", "page_rules", "b.example/", 1))
    assert "999,a.example,/,page_view" in first
    assert "<below 1000>,b.example,/,page_view" in second


def test_unknown_types_of_systems_without_rules_are_told_as_those_of_the_generic_feed(notes):
    rows = [("gharchive", "activity_types", "star_gazed", 1), ("generic", "activity_types", "star_gazed", 1)]
    assert notes(*rows) == []  # gharchive is off, the files of the generic feed tell for themselves
    (line,) = notes(("fivetran_hubspot", "activity_types", "email_beamed", 2))
    assert line.startswith("fivetran_hubspot: 2 records of the unknown type 'email_beamed' will be excluded")


def test_without_a_build_or_before_there_was_such_a_table_nothing_is_said(notes, project, tmp_path):
    notes()
    assert check(project, tmp_path / "data", tmp_path / "none.duckdb") == []
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as connection:
        connection.execute("drop table marts.marts.unmatched_names")
    assert check(project, tmp_path / "data", tmp_path / "marts.duckdb") == []
