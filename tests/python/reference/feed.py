"""From the raw feed to activities: typed, the unreadable ones rejected, repeats set aside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from reference.settings import day_number, is_missing

GITHUB_NO_REPLY = re.compile(r"(?:\d+\+)?(?P<login>[^@+]+)@users\.noreply\.github\.com")


@dataclass
class Feed:
    """The generic feed: one frame per table, as delivered."""

    activities: pd.DataFrame
    accounts: pd.DataFrame = field(default_factory=pd.DataFrame)
    contacts: pd.DataFrame = field(default_factory=pd.DataFrame)

    def rows(self, table: str) -> list[dict]:
        """One table as rows."""
        return getattr(self, table).to_dict("records")


def text(row: dict, column: str) -> str | None:
    """A trimmed text, or null."""
    value = row.get(column)
    return None if is_missing(value) else str(value).strip()


def lower(row: dict, column: str) -> str | None:
    """A trimmed text in lower case, or null."""
    value = text(row, column)
    return None if value is None else value.lower()


def flag(row: dict, column: str) -> bool:
    """A boolean; no value means false."""
    value = row.get(column)
    return False if is_missing(value) else str(value).strip().lower() in ("true", "t", "1", "yes", "1.0")


def moment(value: Any) -> datetime | None:
    """An ISO 8601 text (no offset means UTC) or a timestamp, as UTC without an offset; null if it is neither."""
    if is_missing(value):
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)


def tenant_of(row: dict) -> str:
    """The tenant of a raw row."""
    return text(row, "tenant_id") or "default"


def identifiers(row: dict) -> list[tuple[str, str]]:
    """What names the person, in the order of kinds; a GitHub no-reply address names its login."""
    email, login = lower(row, "email"), lower(row, "github_login")
    match = GITHUB_NO_REPLY.fullmatch(email or "")
    if match:
        email, login = None, login or match["login"]
    found = [
        ("email", email),
        ("github_login", login),
        ("user_id", text(row, "user_id")),
        ("anonymous_id", text(row, "anonymous_id")),
    ]
    return [(kind, value) for kind, value in found if value is not None]


def read_activities(rows: list[dict]) -> tuple[list[dict], dict[str, int]]:
    """Type the activities of one tenant.

    Returns:
        The activities, each record that repeats an earlier one left out, and how many records were `rejected` and
        `duplicate`.
    """
    readable = []
    for row in rows:
        occurred_at = moment(row.get("occurred_at"))
        activity_id, kind = text(row, "activity_id"), lower(row, "activity_type")
        count = 1 if is_missing(row.get("count")) else int(float(row["count"]))
        if occurred_at is None or activity_id is None or kind is None or count < 1:
            continue
        readable.append({
            "activity_id": activity_id,
            "tenant_id": tenant_of(row),
            "source_system": "generic",
            "activity_type": kind,
            "occurred_at": occurred_at,
            "loaded_at": moment(row.get("loaded_at")) or occurred_at,
            "day": day_number(occurred_at),
            "identifiers": identifiers(row),
            "account_domain": lower(row, "account_domain"),
            "is_bot": flag(row, "is_bot"),
            "count": count,
            "record": str(sorted((key, str(value)) for key, value in row.items())),
        })  # fmt: skip
    kept: dict[str, dict] = {}
    for activity in sorted(readable, key=lambda activity: (activity["loaded_at"], activity["record"])):
        kept.setdefault(activity["activity_id"], activity)
    return list(kept.values()), {"rejected": len(rows) - len(readable), "duplicate": len(readable) - len(kept)}


def read_contacts(rows: list[dict]) -> list[dict]:
    """Type the contacts of one tenant."""
    return [
        {
            "identifiers": identifiers(row),
            "account_domain": lower(row, "account_domain"),
            "full_name": text(row, "full_name"),
            "job_title": text(row, "job_title"),
            "developer_tags": text(row, "developer_tags"),
            "opted_out": flag(row, "opted_out"),
            "valid_from": None if is_missing(row.get("valid_from")) else day_number(row["valid_from"]),
        }
        for row in rows
    ]


def read_accounts(rows: list[dict]) -> list[dict]:
    """Type the CRM accounts of one tenant."""
    return [
        {"account_domain": lower(row, "account_domain"), "other_domains": text(row, "other_domains")} for row in rows
    ]
