"""Says what is published, which builds one can go back to, and how the last builds ended."""

from __future__ import annotations

from typing import Any

from activity_score.history import recall
from activity_score.project import Warehouse
from activity_score.publish import current_build, published_builds

_SHOWN = ("as_of_date", "published_at", "model_versions", "tables", "tests", "seconds")


def read_status(warehouse: Warehouse, limit: int = 10) -> dict[str, Any]:
    """Read the state of a warehouse directory.

    Args:
        warehouse: the warehouse directory.
        limit: how many of the last builds.

    Returns:
        `current`: the manifest of the published build or none; `published`: the builds one can go back to, the newest
        first; `builds`: the outcomes of the last builds, the newest first.
    """
    current = current_build(warehouse)
    published = [
        {"build_id": build.id, "is_current": current is not None and build.id == current.id}
        | {key: build.manifest.get(key) for key in _SHOWN}
        for build in reversed(published_builds(warehouse))
    ]
    return {
        "warehouse": str(warehouse.root),
        "current": current.manifest if current else None,
        "published": published,
        "builds": recall(warehouse, limit),
    }


def print_status(status: dict[str, Any], console: Any) -> None:
    """Print what `read_status` returned.

    Args:
        status: the state.
        console: a rich console.
    """
    from rich.table import Table
    from rich.text import Text

    current = status["current"]
    if current:
        accounts = (current.get("tables") or {}).get("accounts", 0)
        versions = ", ".join(current.get("model_versions") or []) or "none"
        console.print(f"[bold]Published[/]: {current['build_id']}, as of {current['as_of_date']}", highlight=False)
        console.print(f"  {accounts:,} accounts, thresholds {versions}, {status['warehouse']}/current", highlight=False)
    else:
        console.print(f"Nothing is published in {status['warehouse']}; run activity-score build", highlight=False)
    if status["published"]:
        table = Table("can go back to", "as of", "accounts", "data tests", title_justify="left", box=None)
        for build in status["published"]:
            mark = " *" if build["is_current"] else ""
            accounts = (build["tables"] or {}).get("accounts", 0)
            table.add_row(build["build_id"] + mark, build["as_of_date"], f"{accounts:,}", _counts(build["tests"]))
        console.print(table)
    if status["builds"]:
        table = Table("last builds", "as of", "outcome", "seconds", "what went wrong", box=None)
        for build in status["builds"]:
            seconds = f"{sum((build.get('seconds') or {}).values()):.1f}"
            faults = Text((build.get("faults") or [""])[0], overflow="ellipsis", no_wrap=True)
            table.add_row(build["started_at"], build["as_of_date"], build["outcome"], seconds, faults)
        console.print(table)


def _counts(tests: dict[str, int] | None) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted((tests or {}).items()))
