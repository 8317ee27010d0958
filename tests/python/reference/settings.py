"""The settings of a run: the seeds, as lists of rows with typed values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

EPOCH = date(1970, 1, 1)
SEEDS = (
    "activity_types", "sources", "tenants", "scoring_profiles", "developer_tags", "score_models", "score_bands",
    "free_email_domains", "shared_identifiers", "bot_patterns", "domain_aliases",
)  # fmt: skip
NUMBERS = {
    "weight", "daily_cap", "half_life_days", "max_threshold_share", "points_per_active_developer",
    "fallback_account_threshold", "fallback_developer_threshold", "window_days", "role_weight", "account_threshold",
    "developer_threshold", "lower_bound",
}  # fmt: skip
DAYS = {"effective_from", "valid_from", "valid_to"}
FLAGS = {"is_no_reply"}


def day_number(value: Any) -> int:
    """A date (or its ISO text) as whole days since 1970-01-01."""
    if isinstance(value, str):
        value = date.fromisoformat(value.strip()[:10])
    return (date(value.year, value.month, value.day) - EPOCH).days


def day_date(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(EPOCH.toordinal() + number)


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and blank text are all 'no value'."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return not isinstance(value, str) and bool(pd.isna(value))


def typed(column: str, value: Any) -> Any:
    """A seed's cell, which may be text, as the type its column has."""
    if is_missing(value):
        return None
    if column in NUMBERS:
        return float(value)
    if column in DAYS:
        return day_number(value)
    if column in FLAGS:
        return str(value).strip().lower() == "true"
    return str(value).strip()


@dataclass(frozen=True)
class Settings:
    """The seeds, by name, as rows; `max_identifier_links` is the dbt var."""

    seeds: Mapping[str, list[dict[str, Any]]]
    max_identifier_links: int = 100
    by_type: dict[str, dict] = field(init=False)
    by_source: dict[str, dict] = field(init=False)
    patterns: dict[tuple[str, str], list[dict]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_type", {row["activity_type"]: row for row in self.seeds["activity_types"]})
        object.__setattr__(self, "by_source", {row["source"]: row for row in self.seeds["sources"]})
        patterns: dict[tuple[str, str], list[dict]] = {}
        for seed in ("shared_identifiers", "bot_patterns"):
            for row in self.seeds[seed]:
                patterns.setdefault((seed, row["identifier_kind"]), []).append(row)
        object.__setattr__(self, "patterns", patterns)

    @classmethod
    def of(cls, frames: Mapping[str, pd.DataFrame | Iterable[Mapping]], max_identifier_links: int = 100) -> Settings:
        """Settings from one frame (or list of rows) per seed."""
        seeds = {}
        for name in SEEDS:
            table = frames.get(name, [])
            rows = table.to_dict("records") if isinstance(table, pd.DataFrame) else table
            seeds[name] = [{column: typed(column, value) for column, value in row.items()} for row in rows]
        return cls(seeds, max_identifier_links)

    @classmethod
    def read(cls, folder: Path, max_identifier_links: int = 100) -> Settings:
        """Settings from a folder of seed files."""
        frames = {name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False) for name in SEEDS}
        return cls.of(frames, max_identifier_links)

    def with_seed(self, name: str, rows: Iterable[Mapping]) -> Settings:
        """The same settings with one seed replaced."""
        new = [{column: typed(column, value) for column, value in row.items()} for row in rows]
        return replace(self, seeds={**self.seeds, name: new})

    # What holds for one tenant

    def tenant(self, tenant_id: str) -> dict[str, Any]:
        """The tenant's row; a tenant without one takes the row of `default`."""
        rows = {row["tenant_id"]: row for row in self.seeds["tenants"]}
        return rows.get(tenant_id, rows["default"])

    def window_days(self, tenant_id: str) -> int:
        """W: how many days, the scored one included, an activity counts."""
        profile = self.tenant(tenant_id)["profile"]
        return next(int(row["window_days"]) for row in self.seeds["scoring_profiles"] if row["profile"] == profile)

    def listed(self, seed: str, identifier: tuple[str, str]) -> list[dict]:
        """The rows of `shared_identifiers` or `bot_patterns` that an identifier matches, upper and lower case alike."""
        kind, value = identifier
        return [row for row in self.patterns.get((seed, kind), []) if matches(row["pattern"], value.lower())]

    def event_sources(self) -> list[str]:
        """First-party sources of events: everything but the breadth term and third-party signals."""
        return [
            row["source"]
            for row in self.seeds["sources"]
            if row["party"] != "third" and row["source"] != "active_developers"
        ]

    def is_third_party(self, source: str) -> bool:
        """Kept out of every score and published apart."""
        return self.by_source[source]["party"] == "third"

    def category(self, cents: int) -> str:
        """The band of a published score, given in hundredths: the highest whose lower bound is reached."""
        reached = [row for row in self.seeds["score_bands"] if cents >= round(row["lower_bound"] * 100)]
        return max(reached, key=lambda row: row["lower_bound"])["category"]

    def lowest_category(self) -> str:
        """The band that starts at 0."""
        return self.category(0)


def split_list(text: Any) -> list[str]:
    """A `;`-separated list, trimmed, lower case, without blanks."""
    return [] if is_missing(text) else [part.strip().lower() for part in str(text).split(";") if part.strip()]


@cache
def expression_of(pattern: str) -> re.Pattern:
    """A pattern in which `*` stands for any text, as a regular expression."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether a whole text matches a pattern in which `*` stands for any text."""
    return expression_of(pattern).fullmatch(text) is not None
