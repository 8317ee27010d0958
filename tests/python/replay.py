"""Months of deliveries, as they come: out of order, late, twice, corrected; and people who change.

A replay is a list of steps; each brings what arrived since the last one into the data directory and asks for a build.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from harness import COLUMNS, Project, write_csv
from worlds import AS_OF, Row, World, feed_of, random_worlds, seeds_of

STEPS = (50, 49, 33, 32, 31, 20, 19, 19, 7, 0)  # days before AS_OF; one comes twice, and there are gaps
WEIGHT_CHANGES_AT = 1  # early, so that what follows goes on from one state
FILE_IS_CORRECTED_AT = 4
FILE_DISAPPEARS_AT = 6


@dataclass
class Replay:
    """What happens to one project over the steps.

    Attributes:
        project: the project, which gets seeds and data as the steps say.
        worlds: what is delivered in the end, but for the corrections.
        seed: of the random numbers.
    """

    project: Project
    worlds: list[World]
    seed: int
    parts: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)
        self.feed = feed_of(self.worlds)
        self.seeds = seeds_of(self.worlds)
        self.days = [AS_OF - timedelta(days=back) for back in STEPS]
        for row in self.feed["activities"]:
            self.parts[self.arrival(row)].append(row)
            if self.random.random() < 0.05:  # delivered twice, the second time later
                self.parts[int(self.random.integers(len(STEPS)))].append(dict(row))
        known_from = {
            name: self.random.integers(0, len(STEPS), len(self.feed[name])) for name in ("contacts", "accounts")
        }
        self.known_from = {name: list(map(int, steps)) for name, steps in known_from.items()}
        self.aliases_known_from = [
            int(step) for step in self.random.integers(0, len(STEPS), len(self.seeds["domain_aliases"]))
        ]

    def steps_for(self, rows: list[Row]) -> list[int]:
        """For each row the step from which on it is known."""
        return [int(step) for step in self.random.integers(0, len(STEPS), len(rows))]

    def arrival(self, row: Row) -> int:
        """The step at which a record arrives: soon after it happened, or up to 60 days late, at times before."""
        try:
            happened = date.fromisoformat(row["occurred_at"][:10])
        except ValueError:
            happened = self.days[0]
        late = int(self.random.integers(0, 61)) if self.random.random() < 0.3 else int(self.random.integers(-1, 2))
        arrived = happened + timedelta(days=late)
        return next((step for step, day in enumerate(self.days) if day >= arrived), len(self.days) - 1)

    def step(self, number: int) -> date:
        """Bring the data directory and the settings to where they are at a step; return its day."""
        folder = self.project.data / "generic"
        (folder / "activities").mkdir(parents=True, exist_ok=True)
        rows = self.parts[number]
        half = len(rows) // 2
        write_csv(folder / "activities" / f"part-{number:02}.csv", COLUMNS["activities"], rows[:half])
        append_csv(folder / "activities" / "growing.csv", COLUMNS["activities"], rows[half:])
        if number == FILE_IS_CORRECTED_AT:
            self.correct(folder / "activities", number - 2)
        if number == FILE_DISAPPEARS_AT:
            (folder / "activities" / f"part-{number - 1:02}.csv").unlink()
        self.write_people(folder, number)
        self.write_settings(number)
        return self.days[number]

    def correct(self, folder: Path, part: int) -> None:
        """An old file comes again: a record is gone, one has another type, one another person and another day."""
        half = len(self.parts[part]) // 2
        rows = [dict(row) for row in self.parts[part][:half]][1:]
        rows[0]["activity_type"] = "docs_page_view"
        rows[1].update(email="somebody.else@corrected.example", occurred_at=str(self.days[part]))
        write_csv(folder / f"part-{part:02}.csv", COLUMNS["activities"], rows)

    def write_people(self, folder: Path, number: int) -> None:
        """Contacts and accounts as far as they are known: new links merge people, jobs change, some go."""
        for name, rows in (("contacts", self.feed["contacts"]), ("accounts", self.feed["accounts"])):
            known = [row for row, step in zip(rows, self.known_from[name], strict=True) if step <= number]
            forgotten = len(known) // 5 if number % 3 == 2 else 0
            write_csv(folder / f"{name}.csv", COLUMNS[name], known[forgotten:])

    def write_settings(self, number: int) -> None:
        """Aliases come one by one; a role weighs more from the middle on; a type weighs more early on."""
        known = zip(self.seeds["domain_aliases"], self.aliases_known_from, strict=True)
        aliases = [row for row, step in known if step <= number]
        self.project.write_seeds({**self.seeds, "domain_aliases": aliases})
        if number == WEIGHT_CHANGES_AT:
            self.project.change_seed("activity_types", "activity_type", "docs_page_view", weight="7")
        if number == len(STEPS) // 2:
            self.project.change_seed("developer_tags", "developer_tag", "Champion", role_weight="1.75")


def replay_of(folder: Path, activity_types: list[str], seed: int, worlds: int = 5) -> Replay:
    """A replay over random worlds.

    Args:
        folder: an empty folder.
        activity_types: the types to draw from.
        seed: of the worlds and of what happens when.
        worlds: how many tenants.
    """
    drawn = random_worlds(activity_types, seed, worlds)
    return Replay(Project(folder, seeds_of(drawn)), drawn, seed)


def append_csv(file: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Add rows to a CSV file, which is created with its header."""
    if not file.exists():
        write_csv(file, columns, [])
    added = file.with_suffix(".added")
    write_csv(added, columns, rows)
    with file.open("a", newline="", encoding="utf-8") as out:
        out.write(added.read_text(encoding="utf-8").partition("\r\n")[2])
    added.unlink()
