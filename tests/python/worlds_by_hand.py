"""Worlds made by hand, whose numbers can be checked on paper."""

from __future__ import annotations

from datetime import date, timedelta

from worlds import AS_OF, Row, World, model_row

HARBOR = "harbor.example"


def at(days_ago: int, time: str = "10:00:00", as_of: date = AS_OF) -> str:
    """A moment some days before the as-of day."""
    return f"{as_of - timedelta(days=days_ago)}T{time}"


def numbered(rows: list[Row]) -> list[Row]:
    """Give every activity an id."""
    return [{"activity_id": f"a{number:04d}", **row} for number, row in enumerate(rows)]


def worked_example() -> World:
    """The worked example of the README: one account, two people, one aggregated feed, with the default settings.

    Thresholds are pinned: T_account = 250, T_developer = 200. As of AS_OF:

    who           when          what                      weight  counted  role  decay            points
    Ana (VP)      14 days ago   1 github_issue_opened        9       1     1.5   2^-(14/14) = 1/2    6.75
    Ana (VP)      today         4 github_issue_opened        9       3     1.5   1                  40.5   (cap 3)
    Ben           7 days ago    2 pricing_page_view          8       2     1     2^-(7/7)   = 1/2    8
    Ben           today         1 demo_requested            80       1     1     1                  80
    Ben           today         1 contact_sales_submitted   80       1     1     1                  80
    (nobody)      today         1 row of 20 heartbeats       0.5    20     1     1                  10

    source              before the cap   cap k * 250   counts    contribution = 100 * counts / 250
    github                   47.25           150         47.25     18.90
    website                   8              100          8         3.20
    forms                   160              150        150        60.00     (cap loss: 10)
    telemetry                10              125         10         4.00
    active_developers        20 (2 * 10)      75         20         8.00
    total                 U 245.25                    E 235.25     94.10

    Scores: the account 94.10 (High, strong). Ana 100 * (9/2 + 27) / 200 = 15.75; Ben 100 * (8 + 160) / 200 = 84.00:
    role weights play no part there. Seven days ago, Ana's issue had 9 * 1.5 * 2^-(7/14) = 9.546, Ben's visits 16 and
    the two people 20 points: 100 * 45.546 / 250 = 18.22. The rise of 75.88 is more than 40 and a new high: a surge.
    """
    ana, ben = {"email": f"ana@{HARBOR}"}, {"email": f"ben@{HARBOR}"}
    issue, visit = {"activity_type": "github_issue_opened"}, {"activity_type": "pricing_page_view"}
    return World(
        "harbor",
        activities=numbered([
            {**ana, **issue, "occurred_at": at(14)},
            *({**ana, **issue, "occurred_at": at(0, f"1{hour}:00:00")} for hour in range(4)),
            *({**ben, **visit, "occurred_at": at(7, f"1{hour}:00:00")} for hour in range(2)),
            {**ben, "activity_type": "demo_requested", "occurred_at": at(0, "15:00:00")},
            {**ben, "activity_type": "contact_sales_submitted", "occurred_at": at(0, "15:10:00")},
            {"account_domain": HARBOR, "activity_type": "telemetry_heartbeat", "count": "20", "occurred_at": at(0)},
        ]),
        contacts=[{"email": f"ana@{HARBOR}", "job_title": "VP Marketing"}],
        accounts=[{"account_domain": HARBOR, "account_name": "Harbor"}],
        models=[model_row("pinned-1", AS_OF - timedelta(days=30), 250, 200)],
    )  # fmt: skip


# Points that hardly fade: the settings under which a score can jump and stay (`steady_settings`).
STEADY, FADING = "api_call", "community_question"
STEADY_SOURCES = {
    "product_usage": {"half_life_days": "1000000", "max_threshold_share": "0.99"},
    "community": {"half_life_days": "14", "max_threshold_share": "0.99"},
}
STEADY_TYPES = {name: {"weight": "1", "daily_cap": "1000"} for name in (STEADY, FADING)}


def patched(rows: list[Row], key: str, changes: dict[str, Row]) -> list[Row]:
    """The rows of a seed, some of them changed."""
    return [{**row, **changes.get(row[key], {})} for row in rows]


def rise(tenant_id: str, points_by_days_ago: dict[int, int], activity_type: str) -> World:
    """An account whose score is moved by nothing but given points: T = 100, nobody is named."""
    company = {"account_domain": f"{tenant_id}.example", "activity_type": activity_type}
    return World(
        tenant_id,
        activities=numbered([
            {**company, "count": str(points), "occurred_at": at(back)} for back, points in points_by_days_ago.items()
        ]),
        models=[model_row("pinned-1", AS_OF - timedelta(days=365), 100, 100)],
    )  # fmt: skip


SURGES = {
    "jump-stays": (rise("jump-stays", {40: 45}, STEADY), 7),
    "jump-fades": (rise("jump-fades", {40: 45}, FADING), 7),
    "ramp": (rise("ramp", dict.fromkeys(range(60, 46, -1), 7), STEADY), 15),
    "forty-is-not-enough": (rise("forty-is-not-enough", {40: 40}, STEADY), 0),
}
"""By name: a world, and on how many days its account has a surge (scoring.md, section 7)."""
