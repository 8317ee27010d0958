"""What can be exported: segments with what matters of their accounts, routes, single marts, rows of a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from activity_score.errors import UserError
from activity_score.sources import literal, quote

ROUTES = "account_routes"
MEMBERS = "segment_members"
SEGMENTS = "segments"
WHO = ["account_name", "account_domain", "crm_account_id"]
SCORE = ["activity_score", "activity_category", "score_change_7d", "score_trend"]
WHAT_MATTERS = [
    "lifecycle_stage", "owner_name", "owner_email", "fit_score", "fit_grade", "fit_engagement_cell",
    "is_marketing_qualified", "employee_count", "industry", "country", "territory", "score_change_30d",
    "has_activity_surge", "surge_started_on", "surge_cause", "drop_off_risk", "active_developers_7d",
    "active_developers_30d", "has_buyer", "buyer_engaged", "top_source", "last_activity_at",
]  # fmt: skip
AT_THE_END = ["tenant_id", "account_id", "as_of_date", "model_version"]
# What names a row, for telling a changed row from one that left and another that came.
KEYS = {
    "accounts": ["account_id"],
    "developers": ["developer_id"],
    "account_scores_daily": ["account_id", "score_date"],
    "account_source_scores_daily": ["account_id", "score_date", "source"],
    "developer_scores_daily": ["developer_id", "score_date"],
    "activity_ledger": ["tenant_id", "source_system", "activity_id"],
    ROUTES: ["account_id", "playbook", "episode_started_on"],
    MEMBERS: ["segment", "account_id"],
}


@dataclass(frozen=True)
class Side:
    """One published build, attached to the engine that writes the export.

    Attributes:
        connection: the engine.
        catalog: the name under which the build is attached.
        tenant: only this tenant's rows; all without.
    """

    connection: duckdb.DuckDBPyConnection
    catalog: str
    tenant: str | None = None

    def marts(self) -> list[str]:
        """The published marts."""
        query = (
            "select table_name from information_schema.tables where table_catalog = ? and table_schema = 'marts'"
            " order by table_name"
        )
        return [name for (name,) in self.connection.execute(query, [self.catalog]).fetchall()]

    def columns(self, mart: str) -> list[str]:
        """The columns of a mart, in order; none if it does not exist."""
        query = (
            "select column_name from information_schema.columns where table_catalog = ? and table_schema = 'marts'"
            " and table_name = ? order by ordinal_position"
        )
        return [name for (name,) in self.connection.execute(query, [self.catalog, mart]).fetchall()]

    def rows(self, mart: str) -> str:
        """A select of a mart's rows, of the tenant if there is one.

        Raises:
            UserError: the build has no such mart, or its rows belong to no tenant.
        """
        columns = self.columns(mart)
        if not columns:
            raise UserError(f"{mart}: the build has no such mart; it has {', '.join(self.marts())}")
        relation = f"{quote(self.catalog)}.marts.{quote(mart)}"
        if self.tenant is None:
            return f"select * from {relation}"
        if "tenant_id" in columns:
            return f"select * from {relation} where tenant_id = {literal(self.tenant)}"
        if "account_id" in columns:
            accounts = f"select account_id from {quote(self.catalog)}.marts.accounts"
            return f"select * from {relation} where account_id in ({accounts} where tenant_id = {literal(self.tenant)})"
        raise UserError(f"--tenant: the rows of {mart} belong to no tenant; leave out --tenant, or this mart")

    def tenants(self) -> list[str]:
        """The tenants that have accounts."""
        query = f"select distinct tenant_id from {quote(self.catalog)}.marts.accounts order by 1"
        return [name for (name,) in self.connection.execute(query).fetchall()]


@dataclass(frozen=True)
class Dataset:
    """Rows to be exported.

    Attributes:
        name: the file's name without its ending.
        origin: what it is, for the manifest: `{"segment": ...}`, `{"mart": ...}`, `{"query": ...}` or `{"crm": ...}`.
        select: the rows, as a select over a build.
        key: the columns that name a row; none where only whole rows can be compared.
        order: by what the rows are ordered, so that it leaves nothing open; `all` columns, or nothing for rows that
            come in an order of their own.
        are_marts_columns: whether its columns are those of the marts, by name.
        formats: the only formats it is written in; none means as asked for.
        is_upsert: whether changes are rows to send again rather than rows marked as added, removed or changed.
        ignored: columns whose change alone is none.
    """

    name: str
    origin: dict[str, str]
    select: Callable[[Side], str]
    key: tuple[str, ...] = ()
    order: str = "all"
    are_marts_columns: bool = True
    formats: tuple[str, ...] = ()
    is_upsert: bool = False
    ignored: tuple[str, ...] = ("as_of_date",)


def segment_dataset(segment: str) -> Dataset:
    """The members of a segment with what matters of their accounts.

    Args:
        segment: its name.
    """

    def select(side: Side) -> str:
        shown = _first([*WHO, *SCORE], side.columns("accounts"))
        own = [name for name in side.columns(MEMBERS) if name not in ("segment", "account_id", "tenant_id")]
        own = [name for name in own if name not in shown]
        rest = _first([*WHAT_MATTERS, *AT_THE_END], side.columns("accounts"))
        columns = [f"accounts.{name}" for name in shown] + [f"members.{quote(name)}" for name in own]
        columns += [f"accounts.{name}" for name in rest if name not in own]
        return (
            f"select {', '.join(columns)} from ({side.rows(MEMBERS)}) as members"
            f" inner join ({side.rows('accounts')}) as accounts on members.account_id = accounts.account_id"
            f" where members.segment = {literal(segment)}"
        )

    return Dataset(segment, {"segment": segment}, select, ("account_id",), "activity_score desc, account_id")


def routes_dataset() -> Dataset:
    """The routes with the names and scores of their accounts."""

    def select(side: Side) -> str:
        own = side.columns(ROUTES)
        first = _first([*WHO, *SCORE], [*own, *side.columns("accounts")])
        columns = [f"{'routes' if name in own else 'accounts'}.{name}" for name in first]
        columns += [f"routes.{quote(name)}" for name in own if name not in first]
        return (
            f"select {', '.join(columns)} from ({side.rows(ROUTES)}) as routes"
            f" inner join ({side.rows('accounts')}) as accounts on routes.account_id = accounts.account_id"
        )

    return Dataset(
        ROUTES,
        {"mart": ROUTES},
        select,
        tuple(KEYS[ROUTES]),
        "playbook, activity_score desc, account_id, episode_started_on",
    )


def mart_dataset(mart: str) -> Dataset:
    """A mart as it is published.

    Args:
        mart: its name.
    """
    return Dataset(mart, {"mart": mart}, lambda side: side.rows(mart), tuple(KEYS.get(mart, ())))


def segments_of(side: Side) -> dict[str, bool]:
    """The segments of a build, and whether each may leave in an export of all.

    Args:
        side: the build.
    """
    # A segment without members is in the list of segments alone, and yet its empty file is what empties an audience.
    found: dict[str, bool] = {}
    for mart in (MEMBERS, "segment_changes"):
        if "segment" in side.columns(mart):
            query = f"select distinct segment from {quote(side.catalog)}.marts.{quote(mart)}"
            found |= {name: True for (name,) in side.connection.execute(query).fetchall()}
    if {"segment", "is_exported"} <= set(side.columns(SEGMENTS)):
        query = f"select segment, is_exported from {quote(side.catalog)}.marts.{SEGMENTS}"
        found |= dict(side.connection.execute(query).fetchall())
    return dict(sorted(found.items()))


def _first(wanted: list[str], columns: list[str]) -> list[str]:
    """The wanted columns that exist, in the wanted order."""
    return [name for name in wanted if name in columns]
