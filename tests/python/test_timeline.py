"""The timeline of a build that goes on from the last one: what no activity of that day touches."""

from __future__ import annotations

import json
from datetime import date, timedelta

from harness import Project

AS_OF = date(2026, 1, 10)
FIRST_DAY_OF_TREND = AS_OF - timedelta(days=89)


def activity(name: str, day: date, email: str) -> dict[str, str]:
    return {
        "tenant_id": "acme", "activity_id": name, "occurred_at": f"{day}T10:00:00Z", "loaded_at": f"{AS_OF}T12:00:00Z",
        "activity_type": "pricing_page_view", "email": email,
    }  # fmt: skip


def contact(email: str, name: str, title: str) -> dict[str, str]:
    return {"tenant_id": "acme", "email": email, "full_name": name, "job_title": title}


def test_names_follow_and_days_leave_without_any_activity(tmp_path):
    project = Project(tmp_path)
    activities = [
        activity("leaves", FIRST_DAY_OF_TREND, "mira@birch.example"),
        activity("stays", FIRST_DAY_OF_TREND + timedelta(days=1), "mira@birch.example"),
        activity("of nobody known", AS_OF, "lio@birch.example"),
    ]
    project.write({"activities": activities, "contacts": [contact("mira@birch.example", "Mira Sand", "Gardener")]})
    before = project.build(AS_OF).rows("account_timeline")
    assert {(row["activity_id"], row["display_name"], row["job_title"]) for row in before} == {
        ("leaves", "Mira Sand", "Gardener"),
        ("stays", "Mira Sand", "Gardener"),
        ("of nobody known", "lio@birch.example", None),
    }

    contacts = [contact("mira@birch.example", "Mira Holt", "Baker"), contact("lio@birch.example", "Lio Ort", "Cook")]
    project.write({"activities": activities, "contacts": contacts})
    after = project.build(AS_OF + timedelta(days=1)).rows("account_timeline")
    history = (project.warehouse / "log" / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert not any("scratch" in note for note in json.loads(history[-1])["notes"]), "it must go on"
    assert {(row["activity_id"], row["display_name"], row["job_title"]) for row in after} == {
        ("stays", "Mira Holt", "Baker"),
        ("of nobody known", "Lio Ort", "Cook"),
    }
