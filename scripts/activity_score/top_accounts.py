"""What is heating up and why, over all accounts of a published build: the summary that `demo` and `build` end with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from activity_score.published import open_published, rows

TREND_DAYS = 60
MOVERS = 8


def top_accounts(database: Path, limit: int = 15) -> dict[str, Any]:
    """Summarise a published build.

    Args:
        database: path of the published `marts.duckdb`; opened read-only.
        limit: how many accounts, the highest score first.

    Returns:
        JSON-safe: `as_of_date`, `accounts` in all and by category, the `top` accounts with trend, sources and what
        the last seven days brought, the accounts `rising` and `cooling` most, and the raw `records` by disposition.

    Raises:
        UserError: there is no published build at this path.
    """
    connection = open_published(database)
    try:
        as_of = connection.execute("select max(as_of_date) from published.marts.accounts").fetchone()[0]
        categories = connection.execute(
            """
            select activity_category, count(*)
            from published.marts.accounts
            group by activity_category
            order by max(activity_score) desc
            """
        ).fetchall()
        top = _accounts(
            connection, "true", "activity_score desc, score_change_7d desc, momentum desc nulls last", limit
        )
        rising = _accounts(connection, "score_change_7d > 0", "score_change_7d desc, activity_score desc", MOVERS)
        cooling = _accounts(connection, "score_change_7d < 0", "score_change_7d, activity_score desc", MOVERS)
        _add_sources(connection, [*top, *rising, *cooling])
        return {
            "as_of_date": as_of.isoformat() if as_of else None,
            "accounts": sum(count for _, count in categories),
            "accounts_by_category": dict(categories),
            "several_tenants": connection.execute(
                "select count(distinct tenant_id) > 1 from published.marts.accounts"
            ).fetchone()[0],
            "top": top,
            "rising": rising,
            "cooling": cooling,
            "records": _records(connection),
        }
    finally:
        connection.close()


def _accounts(connection: duckdb.DuckDBPyConnection, condition: str, order: str, limit: int) -> list[dict[str, Any]]:
    """Account rows with their trend; condition and order are ours, not a user's."""
    found = rows(
        connection,
        f"""
        select
            account_id,
            tenant_id,
            account_name,
            account_domain,
            owner_name,
            lifecycle_stage,
            cast(activity_score as double) as activity_score,
            activity_category,
            cast(score_change_7d as double) as score_change_7d,
            momentum,
            score_trend,
            has_activity_surge,
            cast(surge_started_on as text) as surge_started_on,
            drop_off_risk,
            active_developers_7d,
            active_developers_30d,
            cast(cast(last_activity_at as date) as text) as last_activity_on,
            uncapped_points as uncapped,
        from published.marts.accounts
        where {condition}
        order by {order}, account_name, account_id
        limit {limit}
        """,
    )
    trends = connection.execute(
        """
        select accounts.account_id, list(cast(daily.activity_score as double) order by daily.score_date)
        from published.marts.accounts as accounts
        inner join published.marts.account_scores_daily as daily
            on accounts.account_id = daily.account_id and daily.score_date > accounts.as_of_date - $days
        where accounts.account_id in (select unnest($ids))
        group by accounts.account_id
        """,
        {"days": TREND_DAYS, "ids": [account["account_id"] for account in found]},
    ).fetchall()
    trend_of = dict(trends)
    for account in found:
        trend = trend_of.get(account["account_id"], [])
        account["trend"] = [0.0] * (TREND_DAYS - len(trend)) + trend  # an account younger than the trend had no score
    return found


def _add_sources(connection: duckdb.DuckDBPyConnection, accounts: list[dict[str, Any]]) -> None:
    """Add per source what an account's score is made of, and how that and the activity changed in seven days."""
    sources = rows(
        connection,
        """
        with this_week as (
            select
                ledger.account_id,
                ledger.source,
                sum(ledger.activity_count) as new_activities,
                count(distinct ledger.developer_id) as new_people,
            from published.marts.activity_ledger as ledger
            inner join published.marts.accounts as accounts on ledger.account_id = accounts.account_id
            where
                ledger.account_id in (select unnest($ids))
                and ledger.disposition = 'counted'
                and cast(ledger.occurred_at as date) > accounts.as_of_date - 7
            group by ledger.account_id, ledger.source
        ),

        contributions as (
            select
                daily.account_id,
                daily.source,
                sum(case when daily.score_date = accounts.as_of_date then daily.score_contribution else 0 end) as now,
                sum(case when daily.score_date < accounts.as_of_date then daily.score_contribution else 0 end) as then,
            from published.marts.account_source_scores_daily as daily
            inner join published.marts.accounts as accounts
                on
                    daily.account_id = accounts.account_id
                    and daily.score_date in (accounts.as_of_date, accounts.as_of_date - 7)
            where daily.account_id in (select unnest($ids))
            group by daily.account_id, daily.source
        ),

        display_names as (
            select distinct key as source, value as display_name
            from published.marts.scoring_settings
            where setting = 'source_display_name'
        )

        select
            contributions.account_id,
            contributions.source,
            coalesce(display_names.display_name, contributions.source) as display_name,
            contributions.now as score_contribution,
            contributions.now - contributions.then as score_change,
            cast(coalesce(this_week.new_activities, 0) as bigint) as new_activities,
            coalesce(this_week.new_people, 0) as new_people,
        from contributions
        left join this_week
            on contributions.account_id = this_week.account_id and contributions.source = this_week.source
        left join display_names on contributions.source = display_names.source
        where contributions.now > 0 or contributions.then > 0
        order by contributions.account_id, contributions.now desc, contributions.source
        """,
        {"ids": [account["account_id"] for account in accounts]},
    )
    for account in accounts:
        account["sources"] = [
            {name: value for name, value in source.items() if name != "account_id"}
            for source in sources
            if source["account_id"] == account["account_id"]
        ]
        account["reason"] = _reason(account)


def _reason(account: dict[str, Any]) -> str:
    """What moves the account, in a few words: the activities of the last seven days that raised it most."""
    week = [source for source in account["sources"] if source["new_activities"]]
    change = account["score_change_7d"] or 0.0
    if account["last_activity_on"] is None:
        return "no activity yet"
    if not week:
        return f"quiet since {_day(account['last_activity_on'])}: its points fade"
    week.sort(key=lambda source: (-source["score_change"], -source["new_activities"]))
    people = account["active_developers_7d"] or 0
    news = [f"{people:,} {'person' if people == 1 else 'people'}"] if people else []
    news += [f"{source['new_activities']:,} {source['display_name']}" for source in week[:2]]
    return f"{_state(account, change)} {', '.join(news)}"


def _state(account: dict[str, Any], change: float) -> str:
    momentum = account["momentum"]
    if account["has_activity_surge"]:
        return f"surging since {_day(account['surge_started_on'])}:"
    if change >= 1:
        return "rising:"
    if change <= -1:
        return "cooling: only"
    if account["activity_score"] >= 100 and momentum is not None and account["score_trend"] != "steady":
        return f"at 100, momentum {momentum:+.0%}:"
    return "steady:"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%b}"


def _records(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Raw records by disposition and reason, the largest first: each record that arrived is in exactly one line."""
    return rows(
        connection,
        """
        select
            disposition,
            disposition_reason,
            cast(sum(record_count) as bigint) as record_count,
        from published.marts.source_reconciliation
        group by disposition, disposition_reason
        order by record_count desc, disposition, disposition_reason
        """,
    )
