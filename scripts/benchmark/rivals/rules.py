"""The settings of the model, as the rival scripts want them; and their command line."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
TREND_DAYS, WINDOW_DAYS, ACTIVE_DAYS = 90, 90, 30
POINTS_PER_ACTIVE_DEVELOPER = 10.0


def seed(name: str) -> list[dict[str, Any]]:
    """The rows of a seed, as text."""
    with (SEEDS / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def first_party_sources() -> dict[str, dict[str, Any]]:
    """Half-life in days and largest share of the threshold, by event source."""
    return {
        row["source"]: {"half_life_days": float(row["half_life_days"]), "share": float(row["max_threshold_share"])}
        for row in seed("sources")
        if row["party"] == "first" and row["half_life_days"]
    }


def breadth_share() -> float:
    """Largest share of the threshold that the active developers may fill."""
    return next(float(row["max_threshold_share"]) for row in seed("sources") if row["source"] == "active_developers")


def activity_types() -> list[dict[str, Any]]:
    """The types of first-party sources: source, weight in points and daily cap."""
    sources = first_party_sources()
    return [
        {
            "activity_type": row["activity_type"],
            "source": row["source"],
            "weight": float(row["weight"]),
            "daily_cap": int(row["daily_cap"]),
            "half_life_days": sources[row["source"]]["half_life_days"],
        }
        for row in seed("activity_types")
        if row["source"] in sources
    ]


def free_domains() -> list[str]:
    """Domains of free mail."""
    return [row["domain"] for row in seed("free_email_domains")]


def run(score: Callable[[Path, Path, date], None]) -> None:
    """Call a rival from the command line: FEED OUT --as-of DATE."""
    parser = argparse.ArgumentParser()
    parser.add_argument("feed", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    options = parser.parse_args()
    score(options.feed, options.out, options.as_of)
