"""Opens a published build for reading and finds accounts in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from activity_score.errors import UserError


def open_published(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a published build read-only, its tables being `published.marts.<table>`.

    The file is attached under a fixed name to an empty in-memory database: opened directly, the catalog is called
    after the file (`marts`, like the schema), and `marts.accounts` would be ambiguous.

    Args:
        database: path of `marts.duckdb`.

    Raises:
        UserError: there is no published build at this path, or it cannot be read.
    """
    if not database.is_file():
        raise UserError(f"{database}: no published build there; run `activity-score build` (or `activity-score demo`)")
    connection = duckdb.connect(":memory:")
    quoted = str(database).replace("'", "''")
    try:
        connection.execute(f"attach '{quoted}' as published (read_only)")
    except duckdb.Error as error:
        connection.close()
        first_line = str(error).splitlines()[0]
        raise UserError(f"{database}: cannot be opened ({first_line}); run `activity-score build` again") from error
    return connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Any = None) -> list[dict[str, Any]]:
    """Run a query and return its rows as dictionaries."""
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def find_account(connection: duckdb.DuckDBPyConnection, text: str, tenant: str | None = None) -> dict[str, Any]:
    """Find one account by id, domain or name (in this order, case-insensitive).

    Args:
        connection: from `open_published`.
        text: what the user typed.
        tenant: look in this tenant only.

    Returns:
        The row of `marts.accounts`.

    Raises:
        UserError: no account fits, or several do; the message lists the close ones.
    """
    for column in ["account_id", "account_domain", "account_name"]:
        found = rows(
            connection,
            f"""
            select *
            from published.marts.accounts
            where lower({column}) = lower(trim($text)) and ($tenant is null or tenant_id = $tenant)
            order by tenant_id, account_domain
            """,
            {"text": text, "tenant": tenant},
        )
        if len(found) == 1:
            return found[0]
        if found:
            several_tenants = len({row["tenant_id"] for row in found}) > 1
            mend = "name the account by its id or domain" + (", or add --tenant" if several_tenants else "")
            raise UserError(f"{text!r} fits {len(found)} accounts: {_listed(found)}; {mend}")
    close = _close_accounts(connection, text, tenant)
    of_tenant = f" of tenant {tenant!r}" if tenant else ""
    if not close:
        raise UserError(f"no account{of_tenant} is called {text!r}; give its domain, name or account_id")
    raise UserError(f"no account{of_tenant} is called {text!r}; close ones are {_listed(close)}")


def _close_accounts(connection: duckdb.DuckDBPyConnection, text: str, tenant: str | None) -> list[dict[str, Any]]:
    """Up to five accounts whose domain or name contains the text or looks like it."""
    return rows(
        connection,
        """
        with likeness as (
            select
                *,
                contains(lower(account_name), $text) or contains(lower(account_domain), $text) as is_part,
                greatest(
                    jaro_winkler_similarity(lower(account_name), $text),
                    jaro_winkler_similarity(lower(account_domain), $text)
                ) as similarity,
            from published.marts.accounts
            where $tenant is null or tenant_id = $tenant
        )
        select account_id, tenant_id, account_name, account_domain
        from likeness
        where is_part or similarity > 0.8
        order by is_part desc, similarity desc, activity_score desc, account_domain
        limit 5
        """,
        {"text": text.strip().lower(), "tenant": tenant},
    )


def _listed(accounts: list[dict[str, Any]], limit: int = 5) -> str:
    """The accounts as one phrase; the tenant is named where there are several."""
    with_tenant = len({account["tenant_id"] for account in accounts}) > 1
    phrases = [
        f"{account['account_domain']} ({account['account_name']}"
        + (f", tenant {account['tenant_id']})" if with_tenant else ")")
        for account in accounts[:limit]
    ]
    return ", ".join(phrases) + (", ..." if len(accounts) > limit else "")
