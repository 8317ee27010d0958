"""Chooses a published build: the current one, one by its id, or the one of a day."""

from __future__ import annotations

from datetime import date

from activity_score.errors import UserError
from activity_score.project import Warehouse
from activity_score.publish import Build, current_build, published_builds


def choose_build(warehouse: Warehouse, build_id: str | None = None, as_of: date | None = None) -> Build:
    """The build a reader asked for.

    Args:
        warehouse: the warehouse directory.
        build_id: this one.
        as_of: the one published last for this scored day; without either, the current one.

    Raises:
        UserError: there is no such build.
    """
    if build_id is None and as_of is None:
        current = current_build(warehouse)
        if current is None:
            raise UserError(
                f"{warehouse.root}: no published build; run `activity-score build` (or `activity-score demo`)"
            )
        return current
    if build_id is not None and as_of is not None:
        raise UserError("--build, --as-of: both choose a build; leave out one")
    builds = published_builds(warehouse)
    for build in reversed(builds):
        if build.id == build_id or (as_of is not None and build.manifest.get("as_of_date") == as_of.isoformat()):
            return build
    if build_id is not None:
        known = ", ".join(build.id for build in builds) or "none"
        raise UserError(f"--build {build_id}: no such published build; there are {known}")
    known = ", ".join(sorted({build.manifest.get("as_of_date", "?") for build in builds})) or "none"
    raise UserError(f"--as-of {as_of}: no published build of that day is kept; there are builds of {known}")


def newest_build_as_of(warehouse: Warehouse, day: date) -> Build:
    """The build that readers saw on a day: of the newest scored day up to it, the one published last.

    Args:
        warehouse: the warehouse directory.
        day: a scored day.

    Raises:
        UserError: no build of that day or before is kept.
    """
    builds = [build for build in published_builds(warehouse) if build.manifest.get("as_of_date")]
    until = [build for build in builds if build.manifest["as_of_date"] <= day.isoformat()]
    if until:
        return max(enumerate(until), key=lambda item: (item[1].manifest["as_of_date"], item[0]))[1]
    oldest = min((build.manifest["as_of_date"] for build in builds), default="none")
    raise UserError(
        f"--changes-since {day}: no build as of that day or before is kept, the oldest is of {oldest};"
        " export everything once, and keep more builds with `activity-score build --keep`"
    )
