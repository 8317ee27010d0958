"""Reads one account's ledger from a published build and sums it for any day by the rules of the scoring model.

The build publishes the sums of its own as-of day. An explanation also needs other days: the day a week before, or an
earlier day that the user asks for. Those come from the same ledger under the same model version, in SQL, here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from activity_score.published import rows

ACTIVE_DEVELOPERS = "active_developers"
ACTIVE_DAYS = 30  # a developer is active for this many days after a counted activity


@dataclass(frozen=True)
class SourceWeek:
    """What seven days did to the points of one source, before the cap; none of the points is below 0.

    Attributes:
        activity_count: activities of the seven days.
        new_points: what they are worth on the last day.
        faded_points: what the activities that still count have lost by fading.
        left_points: what the activities that do not count any more were worth seven days ago.
    """

    activity_count: int = 0
    new_points: float = 0.0
    faded_points: float = 0.0
    left_points: float = 0.0


@dataclass(frozen=True)
class SourceDay:
    """What one source adds to an account's score on one day.

    Attributes:
        activity_count: activities in the window; for `active_developers` the developers, in 30 days.
        points: points before the cap, R of the scoring model.
        capped_points: points after the cap of the source.
        score_contribution: score points; over all sources they sum to the unrounded score.
    """

    activity_count: int = 0
    points: float = 0.0
    capped_points: float = 0.0
    score_contribution: float = 0.0


class AccountLedger:
    """The activities of one account that score, with the settings under which they do.

    Args:
        connection: from `open_published`; gets two temporary tables.
        account: the row of `marts.accounts`.

    Attributes:
        settings: the tenant's settings in force, as setting -> key -> value.
        model: the row of `marts.score_models` in force.
        window_days: how long an activity counts, in days.
        points_per_developer: points per active developer.
        display_names: what people call each source.
        bands: lower bound of each category, in score points, lowest first.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, account: dict[str, Any]) -> None:
        """Read the settings in force and the account's activities."""
        self.connection = connection
        self.account_id = account["account_id"]
        self.tenant_id = tenant_id = account["tenant_id"]
        self.settings = settings = read_settings(connection, tenant_id)
        self.model = rows(
            connection,
            "select * from published.marts.score_models where tenant_id = ? and is_in_force",
            [tenant_id],
        )[0]
        self.threshold = float(self.model["account_threshold"])
        self.window_days = int(settings["window_days"][""])
        self.points_per_developer = float(settings["points_per_active_developer"][""])
        self.display_names = settings["source_display_name"]
        bounds = ((category, float(bound)) for category, bound in settings["band_lower_bound"].items())
        self.bands = dict(sorted(bounds, key=lambda band: band[1]))
        self._load_sources(settings)
        self._load_activities()

    def _load_sources(self, settings: dict[str, dict[str, str]]) -> None:
        """The sources of the score; third-party ones are not in it. Only event sources have a half-life."""
        sources = [source for source in settings["max_threshold_share"] if settings["party"].get(source) != "third"]
        half_lives = settings["half_life_days"]
        self.connection.execute(
            """
            create or replace temp table score_sources as
            select
                unnest($sources) as source,
                cast(unnest($half_lives) as double) as half_life_days,
                cast(unnest($caps) as double) as cap_points,
            """,
            {
                "sources": sources,
                "half_lives": [half_lives.get(source) for source in sources],
                "caps": [float(settings["max_threshold_share"][source]) * self.threshold for source in sources],
            },
        )

    def _load_activities(self) -> None:
        self.connection.execute(
            """
            create or replace temp table score_activities as
            select
                ledger.activity_id,
                ledger.source,
                ledger.activity_type,
                ledger.occurred_at,
                cast(ledger.occurred_at as date) as activity_date,
                ledger.developer_id,
                ledger.url,
                ledger.weight,
                ledger.role_weight,
                ledger.activity_count,
                ledger.counted_count,
                ledger.disposition,
                ledger.disposition_reason,
                score_sources.half_life_days,
                ledger.weight * ledger.counted_count * ledger.role_weight as undecayed_points,
                ledger.developer_id is not null and ledger.counted_count > 0 and ledger.weight > 0 as makes_active,
            from published.marts.activity_ledger as ledger
            inner join score_sources on ledger.source = score_sources.source
            where ledger.account_id = ? and ledger.disposition <> 'excluded'
            """,
            [self.account_id],
        )

    def source_days(self, first: date, last: date) -> dict[date, dict[str, SourceDay]]:
        """Sum the ledger for each day of a range.

        Args:
            first: the first scored day.
            last: the last scored day.

        Returns:
            For each day, the sources that had activity in its window.
        """
        result: dict[date, dict[str, SourceDay]] = {
            first + timedelta(days=offset): {} for offset in range((last - first).days + 1)
        }
        query = """
        with score_days as (
            select cast(unnest(generate_series($first, $last, interval 1 day)) as date) as score_date
        ),

        source_activity_days as (
            select
                source,
                activity_date,
                half_life_days,
                sum(activity_count) as activity_count,
                sum(undecayed_points) as undecayed_points,
            from score_activities
            group by source, activity_date, half_life_days
        ),

        event_sources as (
            select
                score_days.score_date,
                activities.source,
                sum(activities.activity_count) as activity_count,
                sum(
                    activities.undecayed_points
                    * pow(2.0, -(score_days.score_date - activities.activity_date) / activities.half_life_days)
                ) as points,
            from score_days
            inner join source_activity_days as activities
                on
                    score_days.score_date >= activities.activity_date
                    and score_days.score_date < activities.activity_date + $window_days
            group by score_days.score_date, activities.source
        ),

        breadth as (
            select
                score_days.score_date,
                $active_developers as source,
                count(distinct activities.developer_id) as activity_count,
                $points_per_developer * count(distinct activities.developer_id) as points,
            from score_days
            inner join score_activities as activities
                on
                    score_days.score_date >= activities.activity_date
                    and score_days.score_date < activities.activity_date + $active_days
            where activities.makes_active
            group by score_days.score_date
        ),

        all_sources as (
            select * from event_sources
            union all
            select * from breadth
        ),

        capped as (
            select
                all_sources.*,
                least(all_sources.points, score_sources.cap_points) as capped_points,
            from all_sources
            inner join score_sources on all_sources.source = score_sources.source
        )

        select
            score_date,
            source,
            cast(activity_count as bigint) as activity_count,
            points,
            capped_points,
            100.0 * capped_points
            / greatest($threshold, sum(capped_points) over (partition by score_date)) as score_contribution,
        from capped
        order by score_date, score_contribution desc, source
        """
        parameters = {
            "first": first,
            "last": last,
            "window_days": self.window_days,
            "active_days": ACTIVE_DAYS,
            "active_developers": ACTIVE_DEVELOPERS,
            "points_per_developer": self.points_per_developer,
            "threshold": self.threshold,
        }
        for score_date, source, *numbers in self.connection.execute(query, parameters).fetchall():
            result[score_date][source] = SourceDay(*numbers)
        return result

    def source_weeks(self, day: date) -> dict[str, SourceWeek]:
        """What the seven days that end on a day did to the points of each event source."""
        query = """
        with in_reach as (
            select
                *,
                activity_date > $day - $window_days as counts,
                pow(2.0, -($day - activity_date) / half_life_days) as decay_factor,
                pow(2.0, -($day - 7 - activity_date) / half_life_days) as decay_factor_7d_ago,
            from score_activities
            where activity_date <= $day and activity_date > $day - 7 - $window_days
        ),

        parts as (
            select
                source,
                case when activity_date > $day - 7 then activity_count else 0 end as activity_count,
                case when activity_date > $day - 7 and counts then undecayed_points * decay_factor else 0 end
                    as new_points,
                case
                    when activity_date <= $day - 7 and counts
                        then undecayed_points * (decay_factor_7d_ago - decay_factor)
                    else 0
                end as faded_points,
                case
                    when activity_date <= $day - 7 and not counts then undecayed_points * decay_factor_7d_ago
                    else 0
                end as left_points,
            from in_reach
        )

        select source, cast(sum(activity_count) as bigint), sum(new_points), sum(faded_points), sum(left_points)
        from parts
        group by source
        """
        parameters = {"day": day, "window_days": self.window_days}
        return {row[0]: SourceWeek(*row[1:]) for row in self.connection.execute(query, parameters).fetchall()}

    def developers(self, day: date) -> list[dict[str, Any]]:
        """The people behind the score of a day: one row per developer, and one without id for unattributed traffic.

        Returns:
            Their points before caps (role-weighted and decayed, with the points for being an active developer), which
            sum to the account's uncapped points; and whether they were active on the day and seven days before.
        """
        query = """
        with in_window as (
            select
                developer_id,
                sum(counted_count) as counted_activities,
                sum(undecayed_points * pow(2.0, -($day - activity_date) / half_life_days)) as activity_points,
            from score_activities
            where activity_date <= $day and $day < activity_date + $window_days
            group by developer_id
        ),

        activity_dates as (
            select
                developer_id,
                min(occurred_at) as first_activity_at,
                max(occurred_at) as last_activity_at,
                bool_or(makes_active and $day < activity_date + $active_days) as is_active,
                bool_or(
                    makes_active and activity_date <= $day - 7 and $day - 7 < activity_date + $active_days
                ) as was_active_7d_ago,
            from score_activities
            where activity_date <= $day
            group by developer_id
        )

        select
            activity_dates.developer_id,
            people.display_name,
            people.email,
            people.github_login,
            people.job_title,
            people.developer_tags,
            coalesce(people.role_weight, 1.0) as role_weight,
            people.account_id is distinct from $account_id and people.account_id is not null as has_moved_on,
            cast(coalesce(in_window.counted_activities, 0) as bigint) as counted_activities,
            coalesce(in_window.activity_points, 0.0)
            + case when activity_dates.is_active then $points_per_developer else 0.0 end as points,
            activity_dates.is_active,
            activity_dates.was_active_7d_ago,
            activity_dates.first_activity_at,
            activity_dates.last_activity_at,
        from activity_dates
        left join in_window on activity_dates.developer_id is not distinct from in_window.developer_id
        left join published.marts.developers as people on activity_dates.developer_id = people.developer_id
        where
            in_window.counted_activities is not null
            or activity_dates.is_active  -- of a window shorter than that of being active
            or activity_dates.was_active_7d_ago
        order by points desc, activity_dates.developer_id
        """
        parameters = {
            "day": day,
            "window_days": self.window_days,
            "active_days": ACTIVE_DAYS,
            "points_per_developer": self.points_per_developer,
            "account_id": self.account_id,
        }
        return rows(self.connection, query, parameters)

    def events(self, day: date) -> list[dict[str, Any]]:
        """The activities in the window of a day, newest first, each with its decay factor and points of that day."""
        query = """
        select
            activities.activity_id,
            activities.source,
            activities.activity_type,
            activities.occurred_at,
            activities.developer_id,
            coalesce(people.display_name, people.github_login, people.email) as display_name,
            activities.url,
            activities.activity_count,
            activities.counted_count,
            activities.weight,
            activities.role_weight,
            pow(2.0, -($day - activities.activity_date) / activities.half_life_days) as decay_factor,
            activities.undecayed_points
            * pow(2.0, -($day - activities.activity_date) / activities.half_life_days) as points,
            activities.disposition,
            activities.disposition_reason,
        from score_activities as activities
        left join published.marts.developers as people on activities.developer_id = people.developer_id
        where activities.activity_date <= $day and $day < activities.activity_date + $window_days
        order by activities.occurred_at desc, activities.activity_id
        """
        return rows(self.connection, query, {"day": day, "window_days": self.window_days})

    def new_activity_counts(self, day: date) -> dict[str, int]:
        """Activities of the seven days that end on a day, by source; for `active_developers` the people active then."""
        query = """
        with last_7_days as (
            select * from score_activities where activity_date <= $day and $day < activity_date + 7
        )

        select source, cast(sum(activity_count) as bigint) from last_7_days group by source
        union all
        select $active_developers, count(distinct developer_id) from last_7_days where makes_active
        """
        parameters = {"day": day, "active_developers": ACTIVE_DEVELOPERS}
        return dict(self.connection.execute(query, parameters).fetchall())

    def excluded(self, day: date) -> list[dict[str, Any]]:
        """How many activities in the window were left out of the score, by reason."""
        query = """
        select disposition_reason, cast(sum(activity_count) as bigint) as activity_count
        from published.marts.activity_ledger
        where
            account_id = $account_id
            and disposition = 'excluded'
            and cast(occurred_at as date) <= $day
            and $day < cast(occurred_at as date) + $window_days
        group by disposition_reason
        order by activity_count desc, disposition_reason
        """
        parameters = {"account_id": self.account_id, "day": day, "window_days": self.window_days}
        return rows(self.connection, query, parameters)


def read_settings(
    connection: duckdb.DuckDBPyConnection, tenant_id: str, build: str = "published"
) -> dict[str, dict[str, str]]:
    """Read a tenant's settings of a build.

    Args:
        connection: from `open_published`.
        tenant_id: the tenant.
        build: the name under which the build is attached.

    Returns:
        The settings as setting -> key -> value, all of them text; empty for a tenant that the build does not have.
    """
    query = f"select setting, key, value from {build}.marts.scoring_settings where tenant_id = ?"
    settings: dict[str, dict[str, str]] = defaultdict(dict)
    for setting, key, value in connection.execute(query, [tenant_id]).fetchall():
        settings[setting][key] = value
    return settings
