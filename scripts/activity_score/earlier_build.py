"""Finds the build that readers saw seven days before a day, and lends today's build what must be compared with it.

Scores are always drawn anew under today's data and settings. Only what was published tells that a score of seven days
ago was another one then; the published builds are kept for some time (`build --keep`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from activity_score.project import Warehouse
from activity_score.publish import Build, published_builds
from activity_score.raw_tables import connect
from activity_score.sources import literal

WEEK = timedelta(days=7)
CARRIED = (  # table of raw_activity_score, mart, columns
    ("earlier_settings", "scoring_settings", "tenant_id, setting, key, value"),
    ("earlier_developers", "developers", "developer_id, account_id"),
)


def earlier_build(builds: Sequence[Build], as_of: date) -> Build | None:
    """The build whose settings held a week before a day.

    Args:
        builds: the published builds that are kept, in the order of their publication.
        as_of: the scored day.

    Returns:
        The build of the newest day up to seven days before; a younger warehouse's oldest day; None without a build of
        an earlier day. Of several builds of that day the last.
    """
    by_day = {date.fromisoformat(build.manifest["as_of_date"]): build for build in builds if build.manifest}
    days = sorted(day for day in by_day if day < as_of)
    week_ago = [day for day in days if day <= as_of - WEEK]
    return by_day[week_ago[-1]] if week_ago else by_day[days[0]] if days else None


def carry_earlier_build(warehouse: Warehouse, as_of: date) -> None:
    """Copy the settings and the developers' accounts of seven days before into the working database.

    Args:
        warehouse: the warehouse directory, its raw tables created; the caller holds its lock.
        as_of: the scored day.
    """
    build = earlier_build(published_builds(warehouse), as_of)
    with connect(warehouse.work_database) as connection:
        for table, _, _ in CARRIED:
            connection.execute(f"delete from raw_activity_score.{table}")
        if build is None:
            return
        connection.execute(f"attach {literal(str(build.marts))} as earlier (read_only)")
        found = connection.execute("select table_name from duckdb_tables() where database_name = 'earlier'").fetchall()
        for table, mart, columns in CARRIED:
            if (mart,) in found:  # an earlier version of this program may not have published it
                connection.execute(f"insert into raw_activity_score.{table} select {columns} from earlier.marts.{mart}")
        connection.execute("detach earlier")
