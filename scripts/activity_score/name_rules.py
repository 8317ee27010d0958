"""The seeds that say what a name means (a page, an event, a form, a campaign): the first rule that matches decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from activity_score.errors import Problem
from activity_score.seed_rows import Row

ANY = "*"
ANY_TEXT = "\0"  # stands for a * of the narrower pattern: only a * of the wider one takes it


@dataclass(frozen=True)
class NameRules:
    """A seed of rules.

    Attributes:
        order: the column by which the rules are tried.
        patterns: the columns with patterns; all of them must match.
        system: the column that names the one system that the rule is for, where there is one.
    """

    order: str
    patterns: tuple[str, ...]
    system: str | None = None


NAME_RULES = {
    "page_rules": NameRules("rule_order", ("host_pattern", "path_pattern")),
    "event_rules": NameRules("rule_order", ("event_name",), system="source_system"),
    "form_rules": NameRules("position", ("form",)),
    "campaign_rules": NameRules("position", ("campaign_type", "member_status")),
}


def glob_matches(pattern: str, text: str) -> bool:
    """Tell whether a text matches a pattern in which * stands for any text, also none, and the rest for itself.

    Args:
        pattern: the pattern.
        text: the whole text.
    """
    first, *others = pattern.split(ANY)
    if not others:
        return text == pattern
    *between, last = others
    start, end = len(first), len(text) - len(last)
    if start > end or not text.startswith(first) or not text.endswith(last):
        return False
    for part in between:
        found = text.find(part, start, end)
        if found < 0:
            return False
        start = found + len(part)
    return True


def glob_covers(wide: str, narrow: str) -> bool:
    """Tell whether a pattern matches every text that another one matches.

    Args:
        wide: the pattern that may match more.
        narrow: the other.
    """
    return glob_matches(wide, narrow.replace(ANY, ANY_TEXT))


def first_match(seed: str, rows: list[Mapping[str, Any]], names: tuple[str, ...], system: str) -> Mapping | None:
    """The rule that decides about a name, none if no rule knows it.

    Args:
        seed: which seed.
        rows: its rows, by column.
        names: one text for each pattern of the seed.
        system: the source system that the name comes from.
    """
    rules = NAME_RULES[seed]
    for row in sorted(rows, key=lambda row: row[rules.order]):
        if rules.system and row[rules.system] not in (None, "", system):
            continue
        if all(glob_matches(row[column], name) for column, name in zip(rules.patterns, names, strict=True)):
            return row
    return None


def check_name_rules(seeds: dict[str, list[Row]]) -> Iterator[Problem]:
    """Find rules that name an unknown activity type, and rules that can never be the first that matches.

    Args:
        seeds: the rows of every seed.
    """
    types = seeds["activity_types"]
    is_known_whole = types and all("activity_type" in row.values for row in types)  # else more is said already
    known = {row["activity_type"] for row in types}
    for seed, rules in NAME_RULES.items():
        for row in seeds[seed]:
            if is_known_whole and row["activity_type"] and row["activity_type"] not in known:
                near = get_close_matches(row["activity_type"], known, n=1, cutoff=0.8)
                mend = "it must be a key of seeds/activity_types.csv" + (f" such as {near[0]}" if near else "")
                yield row.problem(f"activity_type is {row['activity_type']!r}", mend)
        yield from find_shadowed(rules, seeds[seed])


def find_shadowed(rules: NameRules, rows: list[Row]) -> Iterator[Problem]:
    """Note rules that never decide, because one rule before them takes all that they would."""
    columns = {rules.order, *rules.patterns, *([rules.system] if rules.system else [])}
    complete = [row for row in rows if columns <= row.values.keys()]  # of the others, more is said already
    ordered = sorted(complete, key=lambda row: row[rules.order])
    for position, row in enumerate(ordered):
        for before in ordered[:position]:
            is_for_as_many = not rules.system or before[rules.system] in (None, row[rules.system])
            if is_for_as_many and all(glob_covers(before[column], row[column]) for column in rules.patterns):
                pattern = ", ".join(row[column] for column in rules.patterns)
                what = f"{pattern} never decides: row {before.number} with the lower {rules.order} takes all of it"
                yield row.problem(what, f"remove it, or give it a lower {rules.order}", "note")
                break
