"""Writes the small world of explained_world as a published build, with the columns of the contract that are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
from explained_world import (
    ACCOUNTS,
    ACTIVITIES,
    AS_OF,
    DEVELOPERS,
    PER_DEVELOPER,
    PUBLISHED,
    SOURCES,
    THRESHOLD,
    WINDOW,
    band,
    published_score,
    scored,
    surges,
    unrounded,
)

Table = Callable[[str, str, list], None]


def write_marts(path: Path) -> None:
    """Write the marts into a new file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts.marts")
        connection.execute("use marts.marts")
        table = partial(write_table, connection)
        write_scores(table)
        write_people_and_activities(table)
        write_settings(table)
        write_history(table)


def write_table(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list) -> None:
    connection.execute(f"create table {name} ({columns})")
    all_names = [column.split()[0] for column in columns.split(", ")]
    names = list(rows[0]) if isinstance(rows[0], dict) else all_names
    values = [list(row.values()) if isinstance(row, dict) else list(row) for row in rows]
    marks = ", ".join(f"({', '.join('?' * len(names))})" for _ in values)
    connection.execute(
        f"insert into {name} ({', '.join(names)}) values {marks}", [value for row in values for value in row]
    )


def write_scores(table: Table) -> None:
    days = [AS_OF - timedelta(days=back) for back in reversed(range(90))]
    accounts, daily, daily_sources = [], [], []
    for account, (tenant, name, domain) in ACCOUNTS.items():
        today = scored(account, AS_OF)
        uncapped = [
            sum(source["points"] for source in scored(account, AS_OF - timedelta(days=back)).values())
            for back in (0, 7, 14, 21)
        ]
        momentum = uncapped[0] / (sum(uncapped[1:]) / 3) - 1 if sum(uncapped[1:]) else None
        trend = "steady" if momentum is None or abs(momentum) <= 0.1 else "rising" if momentum > 0 else "falling"
        score = published_score(account, AS_OF)
        changes = [round(score - published_score(account, AS_OF - timedelta(days=back)), 2) for back in (7, 30)]
        label = "minimal" if score < 20 else "moderate" if score < 60 else "good" if score < 100 else "continuous"
        last = max((a["occurred_at"] for a in ACTIVITIES if a["account"] == account), default=None)
        surge = surges(account, AS_OF)
        accounts.append(
            {
                "account_id": account,
                "tenant_id": tenant,
                "account_name": name,
                "account_domain": domain,
                "is_in_crm": True,
                "lifecycle_stage": "In Pipeline" if account == "acme" else None,
                "owner_name": "Dana Doe",
                "activity_score": score,
                "unrounded_score": unrounded(account, AS_OF),
                "uncapped_points": uncapped[0],
                "activity_category": band(score),
                "engagement_label": label,
                "score_change_7d": changes[0],
                "score_change_30d": changes[1],
                "momentum": momentum,
                "score_trend": trend,
                "has_activity_surge": surge,
                "surge_started_on": AS_OF - timedelta(days=2) if surge else None,
                "surge_ends_on": AS_OF + timedelta(days=5) if surge else None,
                "surge_cause": "activity" if surge else None,
                "drop_off_risk": account == "fading",
                "active_developers_7d": 1,
                "active_developers_30d": today.get("active_developers", {}).get("volume", 0),
                "last_activity_at": last,
                "as_of_date": AS_OF,
                "model_version": "v1",
            }
        )
        for day in days:
            score = published_score(account, day)
            change = round(score - published_score(account, day - timedelta(days=7)), 2)
            daily.append((account, day, score, band(score), change, surges(account, day)))
            for source, values in scored(account, day).items():
                daily_sources.append((account, day, source, values["volume"], values["points"], values["contribution"]))
    table(
        "accounts",
        "account_id text, tenant_id text, account_name text, account_domain text, crm_account_id text, "
        "is_in_crm boolean, lifecycle_stage text, owner_name text, owner_email text, activity_score decimal(5,2), "
        "unrounded_score double, uncapped_points double, activity_category text, engagement_label text, "
        "score_change_7d decimal(6,2), score_change_30d decimal(6,2), momentum double, score_trend text, "
        "has_activity_surge boolean, surge_started_on date, surge_ends_on date, surge_cause text, "
        "drop_off_risk boolean, active_developers_7d bigint, active_developers_30d bigint, "
        "last_activity_at timestamp, as_of_date date, "
        "model_version text",
        accounts,
    )
    table(
        "account_scores_daily",
        "account_id text, score_date date, activity_score decimal(5,2), activity_category text, "
        "score_change_7d decimal(6,2), has_activity_surge boolean",
        daily,
    )
    table(
        "account_source_scores_daily",
        "account_id text, score_date date, source text, activity_count bigint, engagement_points double, "
        "score_contribution double",
        daily_sources,
    )


def write_people_and_activities(table: Table) -> None:
    table(
        "developers",
        "developer_id text, account_id text, display_name text, email text, github_login text, job_title text, "
        "developer_tags text, role_weight double",
        [
            {
                "developer_id": name,
                "account_id": account,
                "display_name": name.title() if name != "bob" else None,
                "email": f"{name}@acme.example",
                "github_login": f"{name}-codes",
                "job_title": "Head of Platform" if name == "ada" else None,
                "developer_tags": tags,
                "role_weight": role_weight,
            }
            for name, (role_weight, tags, account) in DEVELOPERS.items()
        ],
    )
    table(
        "activity_ledger",
        "activity_id text, account_id text, source text, activity_type text, occurred_at timestamp, developer_id text, "
        "url text, weight double, role_weight double, activity_count bigint, counted_count bigint, disposition text, "
        "disposition_reason text",
        [
            {
                "activity_id": activity["activity_id"],
                "account_id": activity["account"],
                "source": activity["source"],
                "activity_type": activity["activity_type"],
                "occurred_at": activity["occurred_at"],
                "developer_id": activity["developer"],
                "weight": activity["weight"],
                "role_weight": activity["role_weight"],
                "activity_count": activity["units"],
                "counted_count": activity["counted"],
                "disposition": activity["disposition"],
                "disposition_reason": activity["reason"],
            }
            for activity in ACTIVITIES
        ],
    )


def write_settings(table: Table) -> None:
    settings = [("window_days", "", WINDOW), ("points_per_active_developer", "", PER_DEVELOPER)]
    settings += [("band_lower_bound", name, low) for name, low in [("Medium", 20.0), ("Low", 0.0), ("High", 60.0)]]
    for source, (name, party, half_life, share) in SOURCES.items():
        settings += [("source_display_name", source, name), ("party", source, party)]
        settings += [("max_threshold_share", source, share)]
        settings += [("half_life_days", source, half_life)] if half_life else []
    table(
        "scoring_settings",
        "tenant_id text, setting text, key text, value text",
        [(tenant, *setting[:2], str(setting[2])) for tenant in ("default", "second") for setting in settings],
    )
    table(
        "score_models",
        "tenant_id text, model_version text, effective_from date, calibrated_on date, account_threshold double, "
        "developer_threshold double, is_in_force boolean, owner text, reason text",
        [
            (tenant, "v1", date(2026, 1, 1), None, THRESHOLD, 40.0, True, "sales operations", "agreed")
            for tenant in ("default", "second")
        ],
    )


def write_history(table: Table) -> None:
    week_ago = AS_OF - timedelta(days=7)
    table(
        "score_publications",
        "published_at timestamp, as_of_date date, model_version text, account_id text, activity_score decimal(5,2)",
        [
            (datetime(2026, 3, 25, 6), week_ago, "v1", "acme", 99.0),
            (datetime(2026, 3, 26, 6), week_ago, "v1", "acme", PUBLISHED["acme"]),
            (datetime(2026, 3, 25, 6), week_ago, "v1", "fading", PUBLISHED["fading"]),
            (datetime(2026, 3, 27, 6), week_ago + timedelta(days=1), "v1", "jump", 5.0),
            # this build, which has also published days that were missed
            (datetime(2026, 4, 1, 6), AS_OF, "v1", "acme", 50.0),
            (datetime(2026, 4, 1, 6), week_ago, "v1", "acme", 77.0),
        ],
    )
    table(
        "source_reconciliation",
        "source_system text, disposition text, disposition_reason text, record_count bigint",
        [
            ("generic", "counted", None, 30),
            ("gharchive", "counted", None, 4),
            ("generic", "excluded", "bot", 3),
            ("gharchive", "excluded", "duplicate", 1),
            ("generic", "over_daily_cap", None, 2),
            ("generic", "rejected", "bad timestamp", 1),
        ],
    )
