"""Patterns with *: what matches, and when one pattern takes all that another one does."""

import re

from hypothesis import given
from hypothesis import strategies as st

from activity_score.name_rules import first_match, glob_covers, glob_matches

PATTERNS = st.text("ab*", max_size=6)
TEXTS = st.text("ab", max_size=7)
FILLINGS = st.lists(TEXTS, min_size=6, max_size=6)


@given(PATTERNS, TEXTS)
def test_a_star_is_any_text(pattern, text):
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert glob_matches(pattern, text) == bool(re.fullmatch(expression, text))


@given(PATTERNS, st.lists(PATTERNS, min_size=6, max_size=6), FILLINGS)
def test_a_pattern_covers_what_comes_of_filling_its_stars(wide, parts, fillings):
    first, *others = wide.split("*")
    narrow = first + "".join(part + other for part, other in zip(parts, others, strict=False))
    assert glob_covers(wide, narrow)
    for filling in fillings:
        assert glob_matches(wide, narrow.replace("*", filling))


@given(PATTERNS, PATTERNS, FILLINGS)
def test_the_wider_pattern_matches_whatever_the_narrower_does(one, other, fillings):
    for filling in fillings:
        assert glob_matches(one, other.replace("*", filling)) or not glob_covers(one, other)


def test_a_pattern_does_not_cover_what_it_meets_by_chance():
    assert glob_covers("*", "") and glob_covers("a*", "ab*") and glob_covers("*a*", "*ba*")
    assert not glob_covers("ab", "*") and not glob_covers("a*", "*a") and not glob_covers("*a*", "*")


def test_the_lowest_number_decides_whatever_stands_first():
    rows = [
        {"rule_order": 30, "source_system": None, "event_name": "*", "activity_type": "login"},
        {"rule_order": 10, "source_system": "posthog", "event_name": "*", "activity_type": "page_view"},
        {"rule_order": 20, "source_system": "segment", "event_name": "sign*", "activity_type": "signup"},
    ]

    def decides(system, name):
        return first_match("event_rules", rows, (name,), system)["activity_type"]

    assert decides("segment", "signed_up") == "signup"
    assert decides("segment", "signal") == "signup"
    assert decides("posthog", "signed_up") == "page_view"
    assert decides("scarf", "signed_up") == "login"
    assert first_match("event_rules", rows[1:], ("signed_up",), "scarf") is None
