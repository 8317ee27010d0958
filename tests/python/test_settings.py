"""Each rule of the settings, broken once in a copy of the seeds, gives its one line."""

import csv
import shutil
from pathlib import Path

import pytest

from activity_score.project import Project, load_project
from activity_score.settings import check_settings

ROOT = Path(__file__).resolve().parents[2]
REAL = load_project(ROOT)
SYSTEMS = sorted(folder.name for folder in (ROOT / "models" / "staging").iterdir() if folder.is_dir())
KNOWN = ", ".join(SYSTEMS)


@pytest.fixture
def project(tmp_path):
    """A project of its own: the seeds as shipped, with few of the 10,000 public suffixes."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    for system in SYSTEMS:
        (tmp_path / "models" / "staging" / system).mkdir(parents=True)
    write(tmp_path / "seeds" / "public_suffixes.csv", [["suffix", "rule"], ["com", "normal"]])
    write(
        tmp_path / "seeds" / "score_models.csv",
        [
            [
                "tenant_id",
                "model_version",
                "effective_from",
                "account_threshold",
                "developer_threshold",
                "owner",
                "reason",
            ],
            ["default", "2026-1", "2026-01-01", "500", "120", "RevOps", "calibrated"],
        ],
    )
    return Project(root=tmp_path, vars=dict(REAL.vars))


def read(file):
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def lines(project):
    return [str(problem) for problem in check_settings(project)]


def set_cell(project, seed, key, column, value):
    """Change one cell of the first row that begins with the key; return the row's number."""
    file = project.seeds / f"{seed}.csv"
    rows = read(file)
    number = next(number for number, row in enumerate(rows) if row[: len(key)] == key)
    rows[number][rows[0].index(column)] = value
    write(file, rows)
    return number + 1


def add_row(project, seed, row):
    file = project.seeds / f"{seed}.csv"
    rows = [*read(file), row]
    write(file, rows)
    return len(rows)


def test_the_settings_as_shipped_are_right(project):
    assert lines(REAL) == []
    assert lines(project) == []


SNAKE = "it must be snake_case (a-z, 0-9 and _)"
EXPRESSION = "it must be a regular expression without (? and backslash, such as (^|[^a-z])cto([^a-z]|$)"

HOST = "it must be a host in lower case without scheme, port and path, with * for any text, such as docs.*"
PATH = "it must be a path in lower case that begins and ends with / or *, without query, such as */pricing/*"
EVENT = "it must be the name in snake_case, with * for any text, such as signed_up or invite_*"
NAME = "it must be in lower case, with * for any text; it is no regular expression"
ATTRIBUTE = "it must be one of employee_count, industry, country, lifecycle_stage"
NUMBER = "fill in lower_bound (included), upper_bound (not included) or both, and leave pattern empty"
TEXT = "fill in pattern and leave lower_bound and upper_bound empty"

CELLS = [  # seed, key of the row, column, new value, the line behind "row n: "
    ("activity_types", ["page_view"], "activity_type", "Page view", f"activity_type is 'Page view'; {SNAKE}"),
    ("activity_types", ["page_view"], "activity_type", "", "activity_type is empty; fill it in"),
    (
        "activity_types",
        ["page_view"],
        "headline",
        " Visited",
        "headline is ' Visited'; remove the spaces before and after it",
    ),
    (
        "activity_types",
        ["page_view"],
        "intent_level",
        "huge",
        "intent_level is 'huge'; it must be one of low, medium, high",
    ),
    ("activity_types", ["page_view"], "weight", "-1", "weight is '-1'; it must be 0 or more"),
    ("activity_types", ["page_view"], "weight", "nan", "weight is 'nan'; it must be a finite number"),
    ("activity_types", ["page_view"], "weight", "inf", "weight is 'inf'; it must be a finite number"),
    ("activity_types", ["page_view"], "weight", "1_0", "weight is '1_0'; it must be a finite number"),
    ("activity_types", ["page_view"], "weight", "one", "weight is 'one'; it must be a finite number"),
    ("activity_types", ["page_view"], "daily_cap", "-1", "daily_cap is '-1'; it must be 0 or more"),
    ("activity_types", ["page_view"], "daily_cap", "2.5", "daily_cap is '2.5'; it must be a whole number"),
    ("activity_types", ["page_view"], "is_meaningful", "maybe", "is_meaningful is 'maybe'; it must be true or false"),
    ("sources", ["github"], "party", "second", "party is 'second'; it must be one of first, third"),
    ("sources", ["github"], "half_life_days", "0.4", "half_life_days is '0.4'; it must be 0.5 or more"),
    ("sources", ["github"], "half_life_days", "", "source github has no half-life; fill in half_life_days, in days"),
    (
        "sources",
        ["active_developers"],
        "half_life_days",
        "30",
        "active_developers has a half-life; leave half_life_days empty: it counts people",
    ),
    ("sources", ["github"], "max_threshold_share", "1", "max_threshold_share is '1'; it must be above 0 and below 1"),
    ("sources", ["github"], "max_threshold_share", "0", "max_threshold_share is '0'; it must be above 0 and below 1"),
    (
        "tenants",
        ["default"],
        "profile",
        "slow",
        "profile is 'slow'; it must be a row of seeds/scoring_profiles.csv: enterprise, fast",
    ),
    (
        "tenants",
        ["default"],
        "internal_domains",
        "acme.example, acme.test",
        "internal_domains is 'acme.example, acme.test'; "
        "it must be lower-case domains separated by ; such as acme.example;acme.test",
    ),
    (
        "tenants",
        ["default"],
        "points_per_active_developer",
        "-1",
        "points_per_active_developer is '-1'; it must be 0 or more",
    ),
    (
        "tenants",
        ["default"],
        "fallback_account_threshold",
        "0",
        "fallback_account_threshold is '0'; it must be above 0",
    ),
    (
        "tenants",
        ["default"],
        "fallback_developer_threshold",
        "-5",
        "fallback_developer_threshold is '-5'; it must be above 0",
    ),
    ("scoring_profiles", ["fast"], "window_days", "0", "window_days is '0'; it must be between 1 and 365"),
    ("scoring_profiles", ["fast"], "window_days", "366", "window_days is '366'; it must be between 1 and 365"),
    (
        "route_settings",
        ["default"],
        "reopen_after_days",
        "0",
        "reopen_after_days is '0'; it must be between 1 and 365",
    ),
    ("route_settings", ["default"], "contacts_shown", "21", "contacts_shown is '21'; it must be between 1 and 20"),
    (
        "route_settings",
        ["default"],
        "queue_email",
        "sales queue",
        "queue_email is 'sales queue'; it must be an e-mail address such as sales@acme.example",
    ),
    (
        "territory_owners",
        ["default", "europe"],
        "territory",
        "Europe",
        "territory is 'Europe'; it must be in lower case",
    ),
    (
        "territory_owners",
        ["default", "europe"],
        "owner_email",
        "@acme.example",
        "owner_email is '@acme.example'; it must be an e-mail address such as sales@acme.example",
    ),
    ("territory_owners", ["default", "europe"], "owner_email", "", "owner_email is empty; fill it in"),
    ("developer_tags", ["VP"], "developer_tag", "VP;SVP", "developer_tag is 'VP;SVP'; it must be a name without ;"),
    ("developer_tags", ["VP"], "title_pattern", "(vp", f"title_pattern is '(vp'; {EXPRESSION}"),
    ("developer_tags", ["VP"], "title_pattern", "(?=vp)", f"title_pattern is '(?=vp)'; {EXPRESSION}"),
    ("developer_tags", ["VP"], "title_pattern", "(?i)vp", f"title_pattern is '(?i)vp'; {EXPRESSION}"),
    ("developer_tags", ["VP"], "title_pattern", "\\bvp\\b", f"title_pattern is '\\\\bvp\\\\b'; {EXPRESSION}"),
    ("developer_tags", ["VP"], "role_weight", "-2", "role_weight is '-2'; it must be 0 or more"),
    ("developer_tags", ["VP"], "is_senior", "yes", "is_senior is 'yes'; it must be true or false"),
    ("signals", ["stalled_deal"], "priority", "4", "priority is '4'; it must be between 1 and 3"),
    ("signals", ["stalled_deal"], "is_on", "", "is_on is empty; fill it in"),
    (
        "signal_settings",
        ["active_again", "quiet_days"],
        "value",
        "29",
        "quiet_days is 29; it must be a whole number between 30 and 365",
    ),
    (
        "signal_settings",
        ["new_developer", "within_days"],
        "value",
        "1.5",
        "within_days is 1.5; it must be a whole number between 1 and 30",
    ),
    (
        "signal_settings",
        ["one_person_dominates", "share"],
        "value",
        "80",
        "share is 80; it must be above 0 and not above 1",
    ),
    (
        "signal_settings",
        ["stalled_deal", "minimum_score"],
        "value",
        "101",
        "minimum_score is 101; it must be between 0 and 100",
    ),
    (
        "signal_settings",
        ["stalled_deal", "minimum_score"],
        "unit",
        "percent",
        "unit is 'percent'; it must be one of days, weeks, people, activities, points, share, score",
    ),
    (
        "signal_activity_types",
        ["meeting_booked", "meeting_booked"],
        "signal",
        "stalled_deal",
        "signal is 'stalled_deal'; it must be one of meeting_booked, repeated_ad_impressions, "
        "senior_person_evaluating, several_on_high_intent_pages",
    ),
    (
        "signal_activity_types",
        ["meeting_booked", "meeting_booked"],
        "activity_type",
        "meeting_bookd",
        "activity_type is 'meeting_bookd'; it must be a row of seeds/activity_types.csv",
    ),
    (
        "signal_activity_types",
        ["meeting_booked", "meeting_booked"],
        "activity_type",
        "intent_topic_surge",
        "intent_topic_surge is third-party (intent); remove the row: signals rest on first-party activity alone",
    ),
    (
        "score_models",
        ["default"],
        "effective_from",
        "01.02.2026",
        "effective_from is '01.02.2026'; it must be a date such as 2026-01-31",
    ),
    ("score_models", ["default"], "account_threshold", "0", "account_threshold is '0'; it must be above 0"),
    ("score_models", ["default"], "developer_threshold", "0", "developer_threshold is '0'; it must be above 0"),
    ("score_models", ["default"], "reason", "", "reason is empty; fill it in"),
    ("score_bands", ["Low"], "lower_bound", "5", "lower_bound is 5; the first band must start at 0"),
    (
        "score_bands",
        ["High"],
        "lower_bound",
        "20",
        "High starts at 20, not above Medium; raise its lower_bound above 20",
    ),
    ("score_bands", ["High"], "lower_bound", "100", "lower_bound is 100; the last band must start below 100"),
    ("score_bands", ["High"], "category", "Top", "category is 'Top'; it must be one of Low, Medium, High"),
    ("surge_rules", ["late_after_days"], "value", "-1", "value is '-1'; it must be 0 or more"),
    ("surge_rules", ["late_after_days"], "value", "three", "value is 'three'; it must be a finite number"),
    (
        "free_email_domains",
        ["gmail.com"],
        "domain",
        "GMail.com",
        "domain is 'GMail.com'; it must be a domain in lower case such as acme.example",
    ),
    (
        "shared_identifiers",
        ["email", "info@*"],
        "identifier_kind",
        "phone",
        "identifier_kind is 'phone'; it must be one of email, github_login, user_id, anonymous_id",
    ),
    (
        "bot_patterns",
        ["github_login", "*-bot"],
        "pattern",
        "*",
        "pattern is '*'; it must be in lower case and more than * alone, which would stand for everybody",
    ),
    (
        "bot_patterns",
        ["github_login", "*-bot"],
        "identifier_kind",
        "anonymous_id",
        "identifier_kind is 'anonymous_id'; it must be one of email, github_login, user_id",
    ),
    ("domain_aliases", ["zeit.co"], "alias_of", "zeit.co", "zeit.co is an alias of itself; remove the row"),
    (
        "domain_aliases",
        ["zeit.co"],
        "alias_of",
        "coreos.com",
        "alias_of coreos.com is itself an alias; name the last domain of the chain",
    ),
    (
        "domain_aliases",
        ["coreos.com"],
        "valid_to",
        "2017-01-01",
        "valid_to 2017-01-01 is before valid_from; swap or correct the dates",
    ),
    (
        "lifecycle_stages",
        ["", "client"],
        "lifecycle_stage",
        "Client",
        "lifecycle_stage is 'Client'; "
        "it must be one of Prospect, In Pipeline, Customer, Closed Lost, Churned, Disqualified",
    ),
    ("lifecycle_stages", ["", "client"], "raw_stage", "Client", "raw_stage is 'Client'; it must be in lower case"),
    (
        "lifecycle_stages",
        ["", "client"],
        "source_system",
        "hubspot",
        f"source_system is 'hubspot'; it must be one of {KNOWN}",
    ),
    ("public_suffixes", ["com"], "rule", "any", "rule is 'any'; it must be one of normal, wildcard, exception"),
    ("page_rules", ["10"], "rule_order", "0", "rule_order is '0'; it must be 1 or more"),
    ("page_rules", ["10"], "host_pattern", "http://localhost*", f"host_pattern is 'http://localhost*'; {HOST}"),
    ("page_rules", ["10"], "host_pattern", "localhost:3000", f"host_pattern is 'localhost:3000'; {HOST}"),
    ("page_rules", ["10"], "host_pattern", "Localhost*", f"host_pattern is 'Localhost*'; {HOST}"),
    ("page_rules", ["10"], "host_pattern", "", "host_pattern is empty; fill it in"),
    ("page_rules", ["10"], "path_pattern", "docs/*", f"path_pattern is 'docs/*'; {PATH}"),
    ("page_rules", ["10"], "path_pattern", "/docs", f"path_pattern is '/docs'; {PATH}"),
    ("page_rules", ["10"], "path_pattern", "/docs?v=*", f"path_pattern is '/docs?v=*'; {PATH}"),
    ("page_rules", ["10"], "path_pattern", "/docs/.*", f"path_pattern is '/docs/.*'; {PATH}"),
    (
        "page_rules",
        ["10"],
        "activity_type",
        "page_viewed",
        "activity_type is 'page_viewed'; it must be a key of seeds/activity_types.csv such as page_view",
    ),
    ("page_rules", ["10"], "comment", "", "comment is empty; say why the row is as it is"),
    ("event_rules", ["2370"], "event_name", "Signed Up", f"event_name is 'Signed Up'; {EVENT}"),
    ("event_rules", ["2370"], "event_name", "signed-up", f"event_name is 'signed-up'; {EVENT}"),
    ("event_rules", ["2370"], "event_name", "^signed_up", f"event_name is '^signed_up'; {EVENT}"),
    ("event_rules", ["2370"], "event_name", "", "event_name is empty; fill it in"),
    ("event_rules", ["2370"], "source_system", "usage", f"source_system is 'usage'; it must be one of {KNOWN}"),
    ("form_rules", ["200"], "form", "*Register*", f"form is '*Register*'; {NAME}"),
    ("form_rules", ["200"], "form", ".*register.*", f"form is '.*register.*'; {NAME}"),
    ("form_rules", ["200"], "activity_type", "", "activity_type is empty; fill it in"),
    ("form_rules", ["200"], "position", "last", "position is 'last'; it must be a whole number"),
    (
        "form_rules",
        ["200"],
        "activity_type",
        "cake_eaten",
        "activity_type is 'cake_eaten'; it must be a key of seeds/activity_types.csv",
    ),
    ("campaign_rules", ["360"], "campaign_type", "(?i)search", f"campaign_type is '(?i)search'; {NAME}"),
    ("campaign_rules", ["360"], "member_status", "*Clicked*", f"member_status is '*Clicked*'; {NAME}"),
    ("campaign_rules", ["360"], "comment", "", "comment is empty; say why the row is as it is"),
    (
        "lifecycle_stages",
        ["", "client"],
        "applies_to",
        "deal",
        "applies_to is 'deal'; it must be one of account, opportunity",
    ),
    ("public_suffixes", ["com"], "rule", "any", "rule is 'any'; it must be one of normal, wildcard, exception"),
    ("fit_rules", ["1"], "attribute", "revenue", f"attribute is 'revenue'; {ATTRIBUTE}"),
    ("fit_rules", ["1"], "pattern", "10*", f"employee_count is a number; {NUMBER}"),
    ("fit_rules", ["5"], "lower_bound", "", f"employee_count is a number; {NUMBER}"),
    ("fit_rules", ["1"], "upper_bound", "1", "upper_bound is 1; it must be above lower_bound, 1"),
    ("fit_rules", ["1"], "points", "101", "points is '101'; it must be between -100 and 100"),
    ("fit_rules", ["1"], "points", "", "points is empty; fill it in"),
    ("fit_rules", ["10"], "pattern", "", f"industry is a text; {TEXT}"),
    ("fit_rules", ["10"], "lower_bound", "3", f"industry is a text; {TEXT}"),
    ("fit_rules", ["10"], "pattern", "IT", "pattern is 'IT'; it must be in lower case, with a space for _"),
    ("fit_rules", ["10"], "pattern", "a_b", "pattern is 'a_b'; it must be in lower case, with a space for _"),
    ("fit_grades", ["A"], "lower_bound", "101", "lower_bound is '101'; it must be between 0 and 100"),
    ("fit_grades", ["A"], "lower_bound", "40", "A starts at 40, not above B; raise its lower_bound above 40"),
    ("fit_grades", ["C"], "lower_bound", "1", "lower_bound is 1; the last grade must start at 0"),
    ("fit_grades", ["C"], "fit_grade", "D", "fit_grade is 'D'; it must be one of A, B, C"),
    (
        "fit_engagement_cells",
        ["A1"],
        "is_marketing_qualified",
        "yes",
        "is_marketing_qualified is 'yes'; it must be true or false",
    ),
]


@pytest.mark.parametrize(("seed", "key", "column", "value", "line"), CELLS)
def test_a_wrong_cell_gives_its_line(project, seed, key, column, value, line):
    row = set_cell(project, seed, key, column, value)
    assert lines(project) == [f"seeds/{seed}.csv, row {row}: {line}"]


@pytest.mark.parametrize("source", ["githup", "active_developers"])
def test_a_type_needs_an_event_source(project, source):
    row = set_cell(project, "activity_types", ["page_view"], "source", source)
    (line,) = lines(project)
    known = "it must be an event source of seeds/sources.csv: ads, community, content"
    assert line.startswith(f"seeds/activity_types.csv, row {row}: source is '{source}'; {known}")


DUPLICATES = [  # seed, key of the row that is repeated, how the line names it
    ("activity_types", ["page_view"], "activity_type page_view"),
    ("sources", ["github"], "source github"),
    ("tenants", ["default"], "tenant_id default"),
    ("scoring_profiles", ["fast"], "profile fast"),
    ("developer_tags", ["VP"], "developer_tag VP"),
    ("signals", ["stalled_deal"], "signal stalled_deal"),
    ("signal_settings", ["stalled_deal", "open_days"], "signal stalled_deal and setting open_days"),
    (
        "signal_activity_types",
        ["meeting_booked", "meeting_booked"],
        "signal meeting_booked and activity_type meeting_booked",
    ),
    ("route_settings", ["default"], "tenant_id default"),
    ("territory_owners", ["default", "europe"], "tenant_id default and territory europe"),
    ("score_bands", ["Low"], "category Low"),
    ("surge_rules", ["bulk_min_records"], "rule bulk_min_records"),
    ("free_email_domains", ["gmail.com"], "domain gmail.com"),
    ("shared_identifiers", ["email", "info@*"], "identifier_kind email and pattern info@*"),
    ("bot_patterns", ["github_login", "*-bot"], "identifier_kind github_login and pattern *-bot"),
    ("lifecycle_stages", ["", "client"], "source_system (empty) and raw_stage client and applies_to (empty)"),
    ("public_suffixes", ["com"], "suffix com and rule normal"),
    ("page_rules", ["1210"], "rule_order 1210"),
    ("event_rules", ["2370"], "rule_order 2370"),
    ("form_rules", ["200"], "position 200"),
    ("campaign_rules", ["360"], "position 360"),
    ("fit_rules", ["1"], "rule_order 1"),
    ("fit_grades", ["A"], "fit_grade A"),
    ("fit_engagement_cells", ["A1"], "fit_engagement_cell A1"),
]


@pytest.mark.parametrize(("seed", "key", "named"), DUPLICATES)
def test_a_repeated_key_gives_its_line(project, seed, key, named):
    rows = read(project.seeds / f"{seed}.csv")
    first = next(number for number, row in enumerate(rows) if row[: len(key)] == key)
    repeated = add_row(project, seed, rows[first])
    line = f"seeds/{seed}.csv, row {repeated}: {named} stands in row {first + 1} already; keep one of the two rows"
    found = [str(problem) for problem in check_settings(project) if problem.severity == "error"]
    assert found == [line]


SHADOWED = [  # seed, the row that is added at the end, the pattern as it is named, the first cell of the row before it
    (
        "page_rules",
        ["1300", "www.acme.example", "/cats/*", "docs_page_view"],
        "www.acme.example, /cats/*",
        "1210",
    ),
    ("page_rules", ["1195", "localhost", "*", "page_view"], "localhost, *", "10"),
    ("event_rules", ["5000", "", "project_created", "project_created"], "project_created", "810"),
    ("event_rules", ["5000", "segment", "project_created", ""], "project_created", "810"),
    ("event_rules", ["5000", "usage_events", "deploy_*", "deployment"], "deploy_*", "2370"),
    ("form_rules", ["300", "*our newsletter signup*", "signup"], "*our newsletter signup*", "20"),
    ("campaign_rules", ["400", "webinar", "late", "webinar_attended"], "webinar, late", "90"),
]


@pytest.mark.parametrize(("seed", "row", "pattern", "before"), SHADOWED)
def test_a_rule_that_never_decides_is_noted(project, seed, row, pattern, before):
    number = add_row(project, seed, [*row, "why"])
    order = "rule_order" if seed in ("page_rules", "event_rules") else "position"
    rows = read(project.seeds / f"{seed}.csv")
    first = next(place for place, cells in enumerate(rows, start=1) if cells[0] == before)
    (problem,) = check_settings(project)
    assert problem.severity == "note"
    assert str(problem) == (
        f"seeds/{seed}.csv, row {number}: {pattern} never decides: row {first} with the lower {order} takes all of it; "
        f"remove it, or give it a lower {order}"
    )


DECIDES = [  # beside a rule that takes much of the same
    ("page_rules", ["1195", "*host", "*", "page_view"]),
    ("event_rules", ["5000", "", "deploy_*", "deployment"]),  # of all systems; the rule before is for one
    ("form_rules", ["300", "*news*", "newsletter_subscribed"]),
    ("campaign_rules", ["400", "*", "*", "page_view"]),
    ("campaign_rules", ["81", "*webinar*", "*late*", ""]),
]


@pytest.mark.parametrize(("seed", "row"), DECIDES)
def test_a_rule_that_may_decide_is_not_noted(project, seed, row):
    add_row(project, seed, [*row, "why"])
    assert lines(project) == []


def test_a_comment_that_is_missing_stops_no_build(project):
    set_cell(project, "event_rules", ["2370"], "comment", "")
    (problem,) = check_settings(project)
    assert problem.severity == "note"


def test_pinned_models_differ_in_day_and_in_version(project):
    row = add_row(project, "score_models", ["default", "2026-2", "2026-01-01", "500", "120", "RevOps", "again"])
    again = add_row(project, "score_models", ["default", "2026-1", "2026-02-01", "500", "120", "RevOps", "again"])
    add_row(project, "score_models", ["other", "2026-1", "2026-01-01", "500", "120", "RevOps", "another tenant"])
    mend = "stands in row 2 already; keep one of the two rows"
    assert lines(project) == [
        f"seeds/score_models.csv, row {row}: tenant_id default and effective_from 2026-01-01 {mend}",
        f"seeds/score_models.csv, row {again}: tenant_id default and model_version 2026-1 {mend}",
    ]


def test_dates_of_one_alias_must_not_overlap(project):
    set_cell(project, "domain_aliases", ["coreos.com"], "valid_to", "2020-12-31")
    add_row(project, "domain_aliases", ["coreos.com", "suse.com", "2021-01-01", "", "the day after: no overlap"])
    assert lines(project) == []
    row = add_row(project, "domain_aliases", ["coreos.com", "elastic.co", "", "2018-01-30", "the same day"])
    assert lines(project) == [
        f"seeds/domain_aliases.csv, row {row}: the dates of coreos.com overlap those of row 4; "
        "end one the day before the other begins (both days are included)"
    ]


REMOVED = [
    (
        "signals",
        "stalled_deal",
        "seeds/signals.csv: no row for the signal stalled_deal; add it, with is_on false if it is not wanted",
    ),
    (
        "signal_settings",
        "meeting_booked",
        "seeds/signal_settings.csv: no row for within_days of meeting_booked; "
        "add it; it must be a whole number between 1 and 30",
    ),
    (
        "tenants",
        "default",
        "seeds/tenants.csv: no row for the tenant default; add it: every other tenant falls back on it",
    ),
    (
        "sources",
        "active_developers",
        "seeds/sources.csv: no row for active_developers; add it, with an empty half_life_days",
    ),
    (
        "route_settings",
        "default",
        "seeds/route_settings.csv: no row for the tenant default; add it: every other tenant falls back on it",
    ),
    ("score_bands", "Medium", "seeds/score_bands.csv: no row for the band Medium; the bands are Low, Medium, High"),
    (
        "surge_rules",
        "bulk_times_usual",
        "seeds/surge_rules.csv: no row for bulk_times_usual; add it, with a value of 0 or more",
    ),
    ("fit_grades", "B", "seeds/fit_grades.csv: no row for the grade B; the grades are A, B, C"),
    (
        "fit_engagement_cells",
        "B3",
        "seeds/fit_engagement_cells.csv: no row for the cell B3; add it, with true or false",
    ),
]


@pytest.mark.parametrize(("seed", "key", "line"), REMOVED)
def test_a_row_that_must_be_there(project, seed, key, line):
    if seed == "tenants":
        add_row(project, seed, ["acme", "fast", "", "10", "400", "100", "another tenant"])
    if seed == "route_settings":
        add_row(project, seed, ["acme", "7", "5", "sales@acme.example", "another tenant"])
    file = project.seeds / f"{seed}.csv"
    write(file, [row for row in read(file) if row[0] != key])
    assert lines(project) == [line]


def test_a_setting_that_a_signal_does_not_have(project):
    row = add_row(project, "signal_settings", ["meeting_booked", "quiet_days", "60", "days", "of another signal"])
    line = f"seeds/signal_settings.csv, row {row}: meeting_booked has no setting 'quiet_days'; it has within_days"
    assert lines(project) == [line]


NEEDED = ["activity_types", "sources", "tenants", "scoring_profiles", "score_bands", "surge_rules"]
NEEDED += ["route_settings", "fit_rules", "fit_grades", "fit_engagement_cells"]


@pytest.mark.parametrize("seed", NEEDED)
def test_a_seed_that_nothing_works_without_has_rows(project, seed):
    file = project.seeds / f"{seed}.csv"
    write(file, read(file)[:1])
    assert lines(project) == [f"seeds/{seed}.csv: no rows; restore the file from the repository or fill it in"]


def test_some_company_can_reach_the_highest_grade(project):
    file = project.seeds / "fit_rules.csv"
    header, *rules = read(file)
    write(file, [header, *[rule for rule in rules if rule[header.index("attribute")] == "country"]])
    assert lines(project) == [
        "seeds/fit_rules.csv: the best of all companies gets 10 points and the highest grade starts at 70; "
        "raise points here or lower lower_bound in seeds/fit_grades.csv"
    ]


def test_a_missing_file(project):
    (project.seeds / "sources.csv").unlink()
    assert lines(project) == ["seeds/sources.csv: the file is missing; restore it from the repository"]


def test_a_missing_column(project):
    file = project.seeds / "developer_tags.csv"
    write(file, [row[:2] + row[3:] for row in read(file)])
    mend = "add it to the first row and to each row"
    assert lines(project) == [f"seeds/developer_tags.csv: the column role_weight is missing; {mend}"]


def test_a_row_with_a_comma_too_many(project):
    row = add_row(project, "score_bands", ["Top", "90", "one", "two"])
    assert lines(project) == [
        f"seeds/score_bands.csv, row {row}: 4 cells where the first row has 3; "
        "put quotation marks around cells that hold commas"
    ]


def test_a_file_in_another_encoding(project):
    (project.seeds / "sources.csv").write_bytes("source\nMünchen\n".encode("latin-1"))
    (line,) = lines(project)
    assert line.startswith("seeds/sources.csv: not readable as CSV in UTF-8 (")
    assert line.endswith("; save it as such")


def test_an_empty_line_and_a_byte_order_mark_do_no_harm(project):
    file = project.seeds / "sources.csv"
    file.write_text("\ufeff" + file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert lines(project) == []


def test_a_column_of_ones_own_does_no_harm(project):
    file = project.seeds / "sources.csv"
    write(file, [[*row, "mine"] for row in read(file)])
    assert lines(project) == []


VARS = [
    ("sources", [], f"no source system is switched on; list one or more of {KNOWN}"),
    ("sources", ["generic", "hubspt"], f"'hubspt' has no folder in models/staging; known are {KNOWN}"),
    ("crm_precedence", ["hubspot"], f"there is no system 'hubspot'; known are {KNOWN}"),
    ("tracked_repositories", [], "empty, while gharchive is on; list your repositories as owner/name"),
    ("tracked_repositories", ["acme"], "'acme' is no repository; write owner/name, * for any text"),
    ("tracked_repositories", ["a/b/c"], "'a/b/c' is no repository; write owner/name, * for any text"),
    ("community_staff", ["mod"], "there is no role 'mod'; known are admin, moderator, owner"),
    ("max_identifier_links", 0, "is 0; it must be a whole number of 1 or more"),
    ("identity_rounds", "12", "is '12'; it must be a whole number of 1 or more"),
]


@pytest.mark.parametrize(("name", "value", "line"), VARS)
def test_a_wrong_var_gives_its_line(project, name, value, line):
    project.vars[name] = value
    assert lines(project) == [f"dbt_project.yml, vars: {name}: {line}"]


def test_a_wrong_var_of_the_data_directory_is_named_as_such(project):
    project.vars["identity_rounds"] = project.overrides["identity_rounds"] = -1
    assert lines(project) == ["vars.yml: identity_rounds: is -1; it must be a whole number of 1 or more"]


def test_repositories_may_be_patterns_and_are_not_needed_without_gharchive(project):
    project.vars["tracked_repositories"] = ["acme/*", "*/acme-cli", "*"]
    assert lines(project) == []
    project.vars.update(sources=["generic"], tracked_repositories=[])
    assert lines(project) == []


def test_half_lives_fit_the_running_sums(project):
    seeds = project.seeds / "sources.csv"
    event_sources = [row[0] for row in read(seeds) if row[2] == "first" and row[0] != "active_developers"]
    for days, source in enumerate(event_sources, start=1):
        set_cell(project, "sources", [source], "half_life_days", str(days))
    assert len(event_sources) == 12
    assert lines(project) == []
    add_row(project, "sources", ["podcasts", "Podcasts", "first", "40", "0.1", "a thirteenth"])
    assert lines(project) == [
        "seeds/sources.csv: first-party sources have 13 half-lives, 12 at most can be summed up; "
        "give some sources the same half_life_days"
    ]


def test_all_mistakes_are_found_at_once(project):
    set_cell(project, "activity_types", ["page_view"], "weight", "-1")
    set_cell(project, "sources", ["github"], "half_life_days", "0")
    set_cell(project, "score_bands", ["Low"], "lower_bound", "1")
    project.vars["identity_rounds"] = 0
    assert len(lines(project)) == 4


def test_a_segment_that_cannot_be_used_is_a_wrong_setting(project):
    (project.root / "models" / "segments").mkdir()
    (project.root / "models" / "segments" / "Call.sql").write_text("")
    (line,) = lines(project)
    assert line.startswith("models/segments/Call.sql: 'Call' is no name for a segment; rename it")
