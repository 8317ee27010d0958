"""Rows of a seed that are repeated, missing or do not go together; rules that never decide."""

import pytest
from copied_settings import add_row, lines, read, set_cell, write

from activity_score.settings import check_settings

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
def test_a_repeated_key_gives_its_line(copied, seed, key, named):
    rows = read(copied.seeds / f"{seed}.csv")
    first = next(number for number, row in enumerate(rows) if row[: len(key)] == key)
    repeated = add_row(copied, seed, rows[first])
    line = f"seeds/{seed}.csv, row {repeated}: {named} stands in row {first + 1} already; keep one of the two rows"
    found = [str(problem) for problem in check_settings(copied) if problem.severity == "error"]
    assert found == [line]


def test_pinned_models_differ_in_day_and_in_version(copied):
    row = add_row(copied, "score_models", ["default", "2026-2", "2026-01-01", "500", "120", "RevOps", "again"])
    again = add_row(copied, "score_models", ["default", "2026-1", "2026-02-01", "500", "120", "RevOps", "again"])
    add_row(copied, "score_models", ["other", "2026-1", "2026-01-01", "500", "120", "RevOps", "another tenant"])
    mend = "stands in row 2 already; keep one of the two rows"
    assert lines(copied) == [
        f"seeds/score_models.csv, row {row}: tenant_id default and effective_from 2026-01-01 {mend}",
        f"seeds/score_models.csv, row {again}: tenant_id default and model_version 2026-1 {mend}",
    ]


def test_dates_of_one_alias_must_not_overlap(copied):
    set_cell(copied, "domain_aliases", ["coreos.com"], "valid_to", "2020-12-31")
    add_row(copied, "domain_aliases", ["coreos.com", "suse.com", "2021-01-01", "", "the day after: no overlap"])
    assert lines(copied) == []
    row = add_row(copied, "domain_aliases", ["coreos.com", "elastic.co", "", "2018-01-30", "the same day"])
    assert lines(copied) == [
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
def test_a_row_that_must_be_there(copied, seed, key, line):
    if seed == "tenants":
        add_row(copied, seed, ["acme", "fast", "", "10", "400", "100", "another tenant"])
    if seed == "route_settings":
        add_row(copied, seed, ["acme", "7", "5", "sales@acme.example", "another tenant"])
    file = copied.seeds / f"{seed}.csv"
    write(file, [row for row in read(file) if row[0] != key])
    assert lines(copied) == [line]


def test_a_setting_that_a_signal_does_not_have(copied):
    row = add_row(copied, "signal_settings", ["meeting_booked", "quiet_days", "60", "days", "of another signal"])
    line = f"seeds/signal_settings.csv, row {row}: meeting_booked has no setting 'quiet_days'; it has within_days"
    assert lines(copied) == [line]


NEEDED = ["activity_types", "sources", "tenants", "scoring_profiles", "score_bands", "surge_rules"]
NEEDED += ["route_settings", "fit_rules", "fit_grades", "fit_engagement_cells"]


@pytest.mark.parametrize("seed", NEEDED)
def test_a_seed_that_nothing_works_without_has_rows(copied, seed):
    file = copied.seeds / f"{seed}.csv"
    write(file, read(file)[:1])
    assert lines(copied) == [f"seeds/{seed}.csv: no rows; restore the file from the repository or fill it in"]


def test_some_company_can_reach_the_highest_grade(copied):
    file = copied.seeds / "fit_rules.csv"
    header, *rules = read(file)
    write(file, [header, *[rule for rule in rules if rule[header.index("attribute")] == "country"]])
    assert lines(copied) == [
        "seeds/fit_rules.csv: the best of all companies gets 10 points and the highest grade starts at 70; "
        "raise points here or lower lower_bound in seeds/fit_grades.csv"
    ]


def test_half_lives_fit_the_running_sums(copied):
    seeds = copied.seeds / "sources.csv"
    event_sources = [row[0] for row in read(seeds) if row[2] == "first" and row[0] != "active_developers"]
    for days, source in enumerate(event_sources, start=1):
        set_cell(copied, "sources", [source], "half_life_days", str(days))
    assert len(event_sources) == 12
    assert lines(copied) == []
    add_row(copied, "sources", ["podcasts", "Podcasts", "first", "40", "0.1", "a thirteenth"])
    assert lines(copied) == [
        "seeds/sources.csv: first-party sources have 13 half-lives, 12 at most can be summed up; "
        "give some sources the same half_life_days"
    ]


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
def test_a_rule_that_never_decides_is_noted(copied, seed, row, pattern, before):
    number = add_row(copied, seed, [*row, "why"])
    order = "rule_order" if seed in ("page_rules", "event_rules") else "position"
    rows = read(copied.seeds / f"{seed}.csv")
    first = next(place for place, cells in enumerate(rows, start=1) if cells[0] == before)
    (problem,) = check_settings(copied)
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
def test_a_rule_that_may_decide_is_not_noted(copied, seed, row):
    add_row(copied, seed, [*row, "why"])
    assert lines(copied) == []


def test_a_comment_that_is_missing_stops_no_build(copied):
    set_cell(copied, "event_rules", ["2370"], "comment", "")
    (problem,) = check_settings(copied)
    assert problem.severity == "note"
