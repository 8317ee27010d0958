"""Each rule for a cell of the settings, broken once in a copy of the seeds, gives its one line."""

import pytest
from copied_settings import KNOWN, lines, set_cell

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
def test_a_wrong_cell_gives_its_line(copied, seed, key, column, value, line):
    row = set_cell(copied, seed, key, column, value)
    assert lines(copied) == [f"seeds/{seed}.csv, row {row}: {line}"]


@pytest.mark.parametrize("source", ["githup", "active_developers"])
def test_a_type_needs_an_event_source(copied, source):
    row = set_cell(copied, "activity_types", ["page_view"], "source", source)
    (line,) = lines(copied)
    known = "it must be an event source of seeds/sources.csv: ads, community, content"
    assert line.startswith(f"seeds/activity_types.csv, row {row}: source is '{source}'; {known}")
