"""What a developer's tags say: the role weight, and whether it is a buyer."""

from __future__ import annotations

import re

from reference.settings import Settings, split_list

BUYER = "buyer"


def job_title(contacts: list[dict]) -> str | None:
    """The title that the newest contact row with a title gives."""
    titled = [contact for contact in contacts if contact["job_title"] is not None]
    return max(titled, key=begin)["job_title"] if titled else None


def begin(contact: dict) -> int:
    """From which day on a contact row holds; without a date, from the beginning of time."""
    return -(10**9) if contact["valid_from"] is None else contact["valid_from"]


def tags(contacts: list[dict], settings: Settings) -> set[str]:
    """A developer's tags, in lower case: those its contacts carry and those its job title of today matches."""
    found = {tag for contact in contacts for tag in split_list(contact["developer_tags"])}
    title = (job_title(contacts) or "").lower()
    for row in settings.seeds["developer_tags"]:
        if title and row.get("title_pattern") and re.search(row["title_pattern"], title):
            found.add(row["developer_tag"].lower())
    return found


def role_weight(found: set[str], settings: Settings) -> float:
    """m(d): the largest weight among the tags; 1 without a tag."""
    weights = [row["role_weight"] for row in settings.seeds["developer_tags"] if row["developer_tag"].lower() in found]
    return max(weights, default=1.0)
