"""Notes what no rule knew in the published build and none knows today: names of pages, events, forms and campaigns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import duckdb

from activity_score.errors import Problem
from activity_score.name_rules import ANY, NAME_RULES, first_match
from activity_score.project import Project
from activity_score.published import open_published

MAX_NAMES_LISTED = 10  # of each seed; the published table has a thousand of each system
LIKELY = 0.75  # how alike a name and an activity type must be written to propose the one for the other
WHAT = {
    "page_rules": "no rule but that for every page for {name} of {system} ({times})",
    "event_rules": "no rule for the event {name!r} of {system} ({times}), which counts for nothing",
    "form_rules": "no rule for the form {name!r} of {system} ({times}), which counts as form_submitted",
    "campaign_rules": "no rule for the response {name!r} of {system} ({times}), which counts for nothing",
}


@dataclass(frozen=True)
class UnmatchedName:
    """A row of the published table `unmatched_names`.

    Attributes:
        system: the source system.
        rules: the seed that a row would go to.
        name: the name; of a page host and first folder, of a response type and status of the campaign.
        count: activities of that name in the 90 days before the build's day.
    """

    system: str
    rules: str
    name: str
    count: int

    @property
    def parts(self) -> tuple[str, ...]:
        """The name as the patterns of the seed see it, one text for each."""
        if self.rules == "page_rules":
            host, _, folder = self.name.partition("/")
            return host, f"/{folder}"
        if self.rules == "campaign_rules":
            campaign_type, _, status = self.name.partition(" > ")
            return campaign_type, status
        return (self.name,)


def note_unmatched_names(project: Project, found: list[UnmatchedName]) -> Iterator[Problem]:
    """Note the most frequent names that no rule knows, each with a row that would settle it.

    Args:
        project: the dbt project; names that its seeds know by now are left out.
        found: the names, from `read_unmatched_names`.
    """
    for seed in NAME_RULES:
        try:
            rules = read_rules(project, seed)
            types = read_column(project, "activity_types", "activity_type")
        except (OSError, ValueError, KeyError, csv.Error):
            continue  # check_settings says what is wrong with the seed
        names = [name for name in found if name.rules == seed and not is_known(name, rules, types)]
        orders = free_orders(seed, rules, len(names))
        for name, order in zip(names[:MAX_NAMES_LISTED], orders, strict=False):
            times = "once" if name.count == 1 else f"{name.count:,} times"
            what = WHAT[seed].format(name=name.name, system=name.system, times=times)
            yield Problem(f"seeds/{seed}.csv", what, f"add a row such as {propose(name, order, rules, types)}", "note")
        if rest := names[MAX_NAMES_LISTED:]:
            what = f"and {len(rest):,} more names without a rule ({sum(name.count for name in rest):,} times in all)"
            yield Problem(f"seeds/{seed}.csv", what, "the published table unmatched_names lists them", "note")


def read_unmatched_names(database: Path) -> list[UnmatchedName]:
    """Read the published table, the most frequent name first; empty where there is no such table.

    Args:
        database: the published file.
    """
    if not database.exists():
        return []
    with open_published(database) as connection:
        try:
            rows = connection.execute(
                """
                select source_system, rules, name, activity_count
                from published.marts.unmatched_names
                order by activity_count desc, source_system, rules, name
                """
            ).fetchall()
        except duckdb.CatalogException:  # published before there was one
            return []
    return [UnmatchedName(*row) for row in rows]


def read_rules(project: Project, seed: str) -> list[dict[str, str | int]]:
    """Read the rows of a seed of rules, their order as a number.

    Args:
        project: the dbt project.
        seed: the name of the seed.
    """
    order = NAME_RULES[seed].order
    return [{**row, order: int(row[order])} for row in read_seed_rows(project, seed)]


def read_column(project: Project, seed: str, column: str) -> list[str]:
    """Read the values of a column of a seed."""
    return [row[column] for row in read_seed_rows(project, seed)]


def read_seed_rows(project: Project, seed: str) -> list[dict[str, str]]:
    """Read the rows of a seed as text."""
    with (project.seeds / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def is_known(name: UnmatchedName, rules: list[dict], types: list[str]) -> bool:
    """Tell whether the seeds of today know a name: the build may be older than they are."""
    if name.rules == "event_rules" and name.name in types:
        return True
    rule = first_match(name.rules, rules, name.parts, name.system)
    return rule is not None and (name.rules != "page_rules" or not is_for_all(name.rules, rule))


def is_for_all(seed: str, rule: dict) -> bool:
    """Tell whether a rule takes every name."""
    return all(rule[column] == ANY for column in NAME_RULES[seed].patterns)


def free_orders(seed: str, rules: list[dict], count: int) -> list[int | str]:
    """Numbers for new rules: behind all others, but before the one for every page.

    Args:
        seed: the name of the seed.
        rules: its rows.
        count: how many numbers.
    """
    shape = NAME_RULES[seed]
    last = max((rule[shape.order] for rule in rules), default=0)
    end = min((rule[shape.order] for rule in rules if is_for_all(seed, rule)), default=None)
    if end is None:
        return [last + 10 * number for number in range(1, count + 1)]
    start = max((rule[shape.order] for rule in rules if rule[shape.order] < end), default=0)
    free = list(range(start + 1, end))[:count]
    return free + [f"<below {end}>"] * (count - len(free))


def propose(name: UnmatchedName, order: int | str, rules: list[dict], types: list[str]) -> str:
    """A row that would settle a name, as the file has it; <...> where only people can tell.

    Args:
        name: the name.
        order: the number of the row.
        rules: the rows of its seed.
        types: the keys of activity_types.
    """
    if name.rules == "page_rules":
        host, folder = name.parts
        cells = [host or ANY, folder if folder == "/" else f"{folder}*", "page_view"]
    elif name.rules == "event_rules":
        cells = [name.system, name.name, likely_type(name, rules, types)]
    elif name.rules == "form_rules":
        cells = [name.name, "form_submitted"]
    else:
        cells = [*(part or ANY for part in name.parts), "<activity_type>"]
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([order, *cells, "<why>"])
    return line.getvalue()


def likely_type(name: UnmatchedName, rules: list[dict], types: list[str]) -> str:
    """What an event of this name is for another system, else the type that is written much like it."""
    for other in sorted({rule["source_system"] for rule in rules}):
        rule = first_match("event_rules", rules, name.parts, other)
        if rule and rule["activity_type"]:
            return rule["activity_type"]
    return next(iter(get_close_matches(name.name, types, n=1, cutoff=LIKELY)), "<activity_type>")
