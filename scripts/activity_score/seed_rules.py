"""What each seed must hold, as a table; `seed_rows` reads a seed against it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb

from activity_score.sources import literal

BANDS = ("Low", "Medium", "High")
LIFECYCLE_STAGES = ("Prospect", "In Pipeline", "Customer", "Closed Lost", "Churned", "Disqualified")
SURGE_RULES = ("late_after_days", "linked_late_after_days", "bulk_times_usual", "bulk_min_records")
FIT_ATTRIBUTES = ("employee_count", "industry", "country", "lifecycle_stage")
FIT_GRADES = ("A", "B", "C")
FIT_ENGAGEMENT_CELLS = tuple(f"{grade}{band}" for grade in FIT_GRADES for band in (1, 2, 3))
SIGNALS = (
    "active_again",
    "champion_silent",
    "meeting_booked",
    "new_developer",
    "one_person_dominates",
    "repeated_ad_impressions",
    "senior_person_evaluating",
    "several_on_high_intent_pages",
    "stalled_deal",
)
UNITS = ("days", "weeks", "people", "activities", "points", "share", "score")
IDENTIFIER_KINDS = ("email", "github_login", "user_id", "anonymous_id")
DOMAIN = re.compile(r"[^\s@*/:;,.A-Z]+(\.[^\s@*/:;,.A-Z]+)+")


@dataclass(frozen=True)
class Rule:
    """What the values of a column must be.

    Attributes:
        holds: tells whether a typed value is right.
        words: completes "must be ...".
    """

    holds: Callable[[Any], bool]
    words: str


@dataclass(frozen=True)
class Seed:
    """What the rows of a seed must hold.

    Attributes:
        keys: sets of columns whose values together may stand in one row only.
        rules: by column, what its values must be.
        optional: columns that may be empty, beside `comment`.
        needs_rows: whether nothing works without a row.
    """

    keys: tuple[tuple[str, ...], ...]
    rules: dict[str, Rule] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    needs_rows: bool = False


def one_of(*allowed: str) -> Rule:
    """One of some words."""
    return Rule(lambda value: value in allowed, "one of " + ", ".join(allowed))


def between(lowest: float, highest: float = math.inf) -> Rule:
    """A number from lowest to highest, both included."""
    words = f"{lowest:g} or more" if highest == math.inf else f"between {lowest:g} and {highest:g}"
    return Rule(lambda value: lowest <= value <= highest, words)


def is_expression(text: str) -> bool:
    """Tell whether every engine reads a text as the same regular expression (DuckDB's reader is the strictest)."""
    if "(?" in text or "\\" in text:
        return False
    try:
        duckdb.sql(f"select regexp_matches('', {literal(text)})").fetchall()
    except duckdb.Error:
        return False
    return True


def is_expression_like(text: str) -> bool:
    """Tell whether a text is written as a regular expression where a pattern with * is meant."""
    return bool(re.search(r"\\|\(\?|^\^|\$$|\.\+|^\.\*|/\.\*$", text))


def are_domains(text: str) -> bool:
    """Tell whether a text is a list of lower-case domains, separated by `;`."""
    return all(DOMAIN.fullmatch(part.strip()) for part in text.split(";"))


ABOVE_0 = Rule(lambda value: value > 0, "above 0")
NAME = Rule(lambda value: bool(re.fullmatch("[a-z][a-z0-9_]*", value)), "snake_case (a-z, 0-9 and _)")
LOWER_CASE = Rule(lambda value: value == value.lower(), "in lower case")
EMAIL = Rule(
    lambda value: value.count("@") == 1 and bool(DOMAIN.fullmatch(value.lower().partition("@")[2])) and value[0] != "@",
    "an e-mail address such as sales@acme.example",
)
DOMAIN_NAME = Rule(lambda value: bool(DOMAIN.fullmatch(value)), "a domain in lower case such as acme.example")
NAME_PATTERN = Rule(
    lambda value: value == value.lower() and not is_expression_like(value),
    "in lower case, with * for any text; it is no regular expression",
)
PATTERN = Rule(
    lambda value: value == value.lower() and bool(value.replace("*", "")),
    "in lower case and more than * alone, which would stand for everybody",
)

HOST_PATTERN = Rule(
    lambda value: value == value.lower() and not re.search(r"[\s/?#@]|:[0-9]", value) and not is_expression_like(value),
    "a host in lower case without scheme, port and path, with * for any text, such as docs.*",
)
PATH_PATTERN = Rule(
    lambda value: (
        bool(re.fullmatch(r"[/*]|[/*][^\s?#]*[/*]", value)) and value == value.lower() and not is_expression_like(value)
    ),
    "a path in lower case that begins and ends with / or *, without query, such as */pricing/*",
)
EVENT_PATTERN = Rule(
    lambda value: value == value.lower() and not re.search(r"[\s.:/-]", value) and not is_expression_like(value),
    "the name in snake_case, with * for any text, such as signed_up or invite_*",
)

SEEDS = {
    "activity_types": Seed(
        keys=(("activity_type",),),
        rules={
            "activity_type": NAME,
            "intent_level": one_of("low", "medium", "high"),
            "weight": between(0),
            "daily_cap": between(0),
        },
        optional=("recommended_first_touch",),
        needs_rows=True,
    ),
    "sources": Seed(
        keys=(("source",),),
        rules={
            "source": NAME,
            "party": one_of("first", "third"),
            "half_life_days": between(0.5),
            "max_threshold_share": Rule(lambda value: 0 < value < 1, "above 0 and below 1"),
        },
        optional=("half_life_days",),  # check_sources says for whom
        needs_rows=True,
    ),
    "tenants": Seed(
        keys=(("tenant_id",),),
        rules={
            "internal_domains": Rule(are_domains, "lower-case domains separated by ; such as acme.example;acme.test"),
            "points_per_active_developer": between(0),
            "fallback_account_threshold": ABOVE_0,
            "fallback_developer_threshold": ABOVE_0,
        },
        optional=("internal_domains",),
        needs_rows=True,
    ),
    "scoring_profiles": Seed(
        keys=(("profile",),),
        rules={"window_days": between(1, 365)},
        needs_rows=True,
    ),
    "developer_tags": Seed(
        keys=(("developer_tag",),),
        rules={
            "developer_tag": Rule(lambda value: ";" not in value, "a name without ;"),
            "title_pattern": Rule(
                is_expression,
                "a regular expression without (? and backslash, such as (^|[^a-z])cto([^a-z]|$)",
            ),
            "role_weight": between(0),
        },
        optional=("title_pattern",),
    ),
    "score_models": Seed(
        keys=(("tenant_id", "effective_from"), ("tenant_id", "model_version")),
        rules={"account_threshold": ABOVE_0, "developer_threshold": ABOVE_0},
    ),
    "score_bands": Seed(keys=(("category",),), rules={"category": one_of(*BANDS)}, needs_rows=True),
    "surge_rules": Seed(
        keys=(("rule",),),
        rules={"rule": one_of(*SURGE_RULES), "value": between(0)},
        needs_rows=True,
    ),
    "free_email_domains": Seed(keys=(("domain",),), rules={"domain": DOMAIN_NAME}),
    "shared_identifiers": Seed(
        keys=(("identifier_kind", "pattern"),),
        rules={"identifier_kind": one_of(*IDENTIFIER_KINDS), "pattern": PATTERN},
    ),
    "bot_patterns": Seed(
        keys=(("identifier_kind", "pattern"),),
        rules={"identifier_kind": one_of(*IDENTIFIER_KINDS[:3]), "pattern": PATTERN},
    ),
    "domain_aliases": Seed(
        keys=(),  # spans of one domain must not overlap: a check of its own
        rules={"domain": DOMAIN_NAME, "alias_of": DOMAIN_NAME},
        optional=("valid_from", "valid_to"),
    ),
    "lifecycle_stages": Seed(
        keys=(("source_system", "raw_stage", "applies_to"),),
        rules={
            "raw_stage": LOWER_CASE,
            "applies_to": one_of("account", "opportunity"),
            "lifecycle_stage": one_of(*LIFECYCLE_STAGES),
        },
        optional=("source_system", "applies_to"),
    ),
    "fit_rules": Seed(
        keys=(("rule_order",),),
        rules={
            "rule_order": between(1),
            "attribute": one_of(*FIT_ATTRIBUTES),
            "pattern": Rule(
                lambda value: value == value.lower() and "_" not in value, "in lower case, with a space for _"
            ),
            "lower_bound": between(0),
            "upper_bound": between(1),
            "points": between(-100, 100),
        },
        optional=("pattern", "lower_bound", "upper_bound"),  # check_fit_rules says which
        needs_rows=True,
    ),
    "fit_grades": Seed(
        keys=(("fit_grade",),),
        rules={"fit_grade": one_of(*FIT_GRADES), "lower_bound": between(0, 100)},
        needs_rows=True,
    ),
    "fit_engagement_cells": Seed(
        keys=(("fit_engagement_cell",),),
        rules={"fit_engagement_cell": one_of(*FIT_ENGAGEMENT_CELLS)},
        needs_rows=True,
    ),
    "page_rules": Seed(
        keys=(("rule_order",),),
        rules={"rule_order": between(1), "host_pattern": HOST_PATTERN, "path_pattern": PATH_PATTERN},
        optional=("activity_type",),
        needs_rows=True,
    ),
    "event_rules": Seed(
        keys=(("rule_order",),),
        rules={"rule_order": between(1), "event_name": EVENT_PATTERN},
        optional=("source_system", "activity_type"),
    ),
    "form_rules": Seed(
        keys=(("position",),),
        rules={"position": between(1), "form": NAME_PATTERN},
    ),
    "campaign_rules": Seed(
        keys=(("position",),),
        rules={"position": between(1), "campaign_type": NAME_PATTERN, "member_status": NAME_PATTERN},
        optional=("activity_type",),
    ),
    "signals": Seed(
        keys=(("signal",),),
        rules={"signal": one_of(*SIGNALS), "priority": between(1, 3)},
        needs_rows=True,
    ),
    "signal_settings": Seed(
        keys=(("signal", "setting"),),
        rules={"signal": one_of(*SIGNALS), "unit": one_of(*UNITS)},  # check_signals says what the values must be
        needs_rows=True,
    ),
    "signal_activity_types": Seed(keys=(("signal", "activity_type"),)),
    "route_settings": Seed(
        keys=(("tenant_id",),),
        rules={"reopen_after_days": between(1, 365), "contacts_shown": between(1, 20), "queue_email": EMAIL},
        needs_rows=True,
    ),
    "territory_owners": Seed(
        keys=(("tenant_id", "territory"),),
        rules={"territory": LOWER_CASE, "owner_email": EMAIL},
    ),
    "public_suffixes": Seed(
        keys=(("suffix", "rule"),),
        rules={"suffix": LOWER_CASE, "rule": one_of("normal", "wildcard", "exception")},
        needs_rows=True,
    ),
}
