"""Remembers what came of each build: one JSON line per build in `log/history.jsonl`, failed ones included."""

from __future__ import annotations

import json
from typing import Any

from activity_score.project import Warehouse


def remember(warehouse: Warehouse, outcome: dict[str, Any]) -> None:
    """Add the outcome of a build.

    Args:
        warehouse: the warehouse directory; the caller holds its lock.
        outcome: the fields of `BuildResult`.
    """
    warehouse.log.mkdir(parents=True, exist_ok=True)
    with (warehouse.log / "history.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(outcome) + "\n")


def recall(warehouse: Warehouse, limit: int) -> list[dict[str, Any]]:
    """The outcomes of the last builds, the newest first.

    Args:
        warehouse: the warehouse directory.
        limit: how many.
    """
    file = warehouse.log / "history.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    outcomes = []
    for line in reversed(lines):
        try:
            outcomes.append(json.loads(line))
        except ValueError:
            continue  # the line of a build that was killed while it wrote
        if len(outcomes) == limit:
            break
    return outcomes
