"""`explain` and its output, on a small world whose numbers are computed here by plain loops over scoring.md."""

import io
import json
import math
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from activity_score.errors import UserError
from activity_score.explain import explain
from activity_score.report import print_explanation, print_top_accounts
from activity_score.score_change import SOURCE_PARTS
from activity_score.sparkline import bar, chart, sparkline

AS_OF = date(2026, 3, 31)
WINDOW = 90
THRESHOLD = 100.0
PER_DEVELOPER = 5.0
# source -> display name, party, half-life in days, largest share of the threshold
SOURCES = {
    "github": ("GitHub", "first", 14.0, 0.5),
    "website": ("Website", "first", 7.0, 0.4),
    "forms": ("Form Signups", "first", 20.0, 0.5),
    "active_developers": ("Active Developers", "first", None, 0.3),
    "intent": ("Research Intent", "third", 14.0, 0.0),
}
# activity type -> source, weight
TYPES = {
    "github_pull_request": ("github", 8.0),
    "website_page_view": ("website", 1.0),
    "website_ping": ("website", 0.0),
    "form_submitted": ("forms", 30.0),
    "intent_topic": ("intent", 9.0),
}
# developer -> role weight, tags, account where the developer is now
DEVELOPERS = {
    "ada": (1.5, "Buyer", "acme"),
    "bob": (1.0, None, "acme"),
    "eve": (1.0, "Engineer", "fading"),
    "kim": (1.0, None, "jump"),
    "lou": (2.0, "CTO", "jump"),
    "max": (1.0, None, "fading"),
}
# account -> tenant, name, domain
ACCOUNTS = {
    "acme": ("default", "Acme Cloud", "acme.example"),
    "jump": ("default", "Jump Labs", "jump.example"),
    "fading": ("default", "Fading Systems", "fading.example"),
    "burst": ("default", "Burst Works", "burst.example"),
    "busy": ("default", "Busy Bees", "busy.example"),
    "twin1": ("default", "Twin", "twin.example"),
    "twin2": ("default", "Twin", "other-twin.example"),
    "acme2": ("second", "Acme Cloud", "acme.example"),
}


def world_activities() -> list[dict]:
    """account, days ago, type, developer (None: unattributed), units, units that count, disposition."""
    rows = [("acme", ago, "github_pull_request", "ada", 1, 1, "counted") for ago in range(0, 60, 4)]
    rows += [("acme", ago, "website_page_view", "bob", 12, 10, "counted") for ago in (2, 9, 33)]
    rows += [
        ("acme", 89, "form_submitted", "ada", 1, 1, "counted"),  # the last day of the window
        ("acme", 90, "form_submitted", "ada", 1, 1, "counted"),  # a day too old
        ("acme", 29, "form_submitted", "eve", 1, 1, "counted"),  # the last active day of someone who left
        ("acme", 3, "website_page_view", None, 40, 40, "counted"),
        ("acme", 1, "website_page_view", "bob", 1, 0, "over_daily_cap"),
        ("acme", 1, "website_page_view", "bot", 7, 0, "excluded"),
        ("acme", 1, "intent_topic", None, 5, 5, "counted"),
        ("jump", 50, "website_page_view", "kim", 3, 3, "counted"),
        ("jump", 2, "form_submitted", "lou", 1, 1, "counted"),
        ("jump", 1, "github_pull_request", "kim", 2, 2, "counted"),
        ("jump", 0, "website_ping", "max", 4, 4, "counted"),  # weight 0: nobody becomes active by it
        ("burst", 30, "form_submitted", "lou", 1, 1, "counted"),
        ("burst", 30, "github_pull_request", "lou", 1, 1, "counted"),
        ("acme2", 0, "website_page_view", None, 1, 1, "counted"),
    ]
    rows += [("fading", ago, "github_pull_request", "max", 2, 2, "counted") for ago in range(32, 60, 2)]
    rows += [("fading", 33, "form_submitted", "eve", 1, 1, "counted")]
    rows += [("busy", ago, "github_pull_request", "ada", 3, 3, "counted") for ago in range(40)]
    rows += [("busy", ago, "form_submitted", "lou", 1, 1, "counted") for ago in (1, 5, 20, 35)]
    rows += [("busy", 2, "website_page_view", "bob", 30, 30, "counted")]
    result = []
    for number, (account, ago, activity_type, developer, units, counted, disposition) in enumerate(rows):
        source, weight = TYPES[activity_type]
        day = AS_OF - timedelta(days=ago)
        result.append(
            {
                "activity_id": f"a{number}",
                "account": account,
                "day": day,
                "occurred_at": datetime(day.year, day.month, day.day, 12, number % 60),
                "activity_type": activity_type,
                "source": source,
                "weight": weight,
                "developer": developer,
                "role_weight": DEVELOPERS[developer][0] if developer in DEVELOPERS else 1.0,
                "units": units,
                "counted": counted,
                "disposition": disposition,
                "reason": "bot" if disposition == "excluded" else disposition if disposition != "counted" else None,
            }
        )
    return result


# What was published for the day seven days before, where it was; jump was not there then.
PUBLISHED = {"acme": 12.25, "fading": 33.5, "jump": 0.0}

ACTIVITIES = world_activities()
OF_ACCOUNT = {account: [a for a in ACTIVITIES if a["account"] == account] for account in ACCOUNTS}


def decay(activity: dict, day: date) -> float:
    half_life = SOURCES[activity["source"]][2]
    return 2.0 ** (-(day - activity["day"]).days / half_life)


@cache
def scored(account: str, day: date) -> dict[str, dict]:
    """Section 4 and 8 of scoring.md, source by source, with loops."""
    points: dict[str, float] = {}
    volume: dict[str, int] = {}
    active = set()
    for activity in OF_ACCOUNT[account]:
        age = (day - activity["day"]).days
        if activity["disposition"] == "excluded" or activity["source"] == "intent":
            continue
        if 0 <= age < WINDOW:
            source = activity["source"]
            worth = activity["weight"] * activity["counted"] * activity["role_weight"] * decay(activity, day)
            points[source] = points.get(source, 0.0) + worth
            volume[source] = volume.get(source, 0) + activity["units"]
        if 0 <= age < 30 and activity["developer"] and activity["counted"] and activity["weight"] > 0:
            active.add(activity["developer"])
    if active:
        points["active_developers"] = PER_DEVELOPER * len(active)
        volume["active_developers"] = len(active)
    capped = {source: min(SOURCES[source][3] * THRESHOLD, value) for source, value in points.items()}
    full = max(THRESHOLD, sum(capped.values()))
    return {
        source: {
            "volume": volume[source],
            "points": points[source],
            "capped": capped[source],
            "contribution": 100 * capped[source] / full,
        }
        for source in points
    }


def unrounded(account: str, day: date) -> float:
    return sum(source["contribution"] for source in scored(account, day).values())


def published_score(account: str, day: date) -> float:
    return float(Decimal(repr(round(unrounded(account, day), 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def band(score: float) -> str:
    return "Low" if score < 20 else "Medium" if score < 60 else "High"


def surges(account: str, day: date) -> bool:
    def is_surge_day(t: date) -> bool:
        week = [published_score(account, t - timedelta(days=back)) for back in range(8)]
        return round(week[0] - week[7], 2) > 40 and week[0] > max(week[1:7])

    return any(is_surge_day(day - timedelta(days=back)) for back in range(7))


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    """A published build of the small world, in the columns of the contract that `explain` reads."""
    path = tmp_path_factory.mktemp("published") / "marts.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("create schema marts.marts")
    connection.execute("use marts.marts")

    def table(name: str, columns: str, rows: list) -> None:
        connection.execute(f"create table {name} ({columns})")
        all_names = [column.split()[0] for column in columns.split(", ")]
        names = list(rows[0]) if isinstance(rows[0], dict) else all_names
        values = [list(row.values()) if isinstance(row, dict) else list(row) for row in rows]
        marks = ", ".join(f"({', '.join('?' * len(names))})" for _ in values)
        connection.execute(
            f"insert into {name} ({', '.join(names)}) values {marks}", [value for row in values for value in row]
        )

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
    connection.close()
    return path


def printed(show, width: int | None = None) -> str:
    """What a console writes into a pipe."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show(console)
    return console.file.getvalue()


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "twin1", "acme2"])
@pytest.mark.parametrize("back", [0, 1, 7, 28, 45, 89])
def test_every_day_of_the_trend_adds_up_to_the_published_score(database, account, back):
    day = AS_OF - timedelta(days=back)
    explanation = explain(database, account, day, events=True)
    expected = scored(account, day)

    assert {source["source"] for source in explanation["sources"]} == set(expected)
    for source in explanation["sources"]:
        values = expected[source["source"]]
        assert source["activity_count_in_window"] == values["volume"]
        assert source["points"] == pytest.approx(values["points"], abs=1e-9)
        assert source["cap_loss"] == pytest.approx(values["points"] - values["capped"], abs=1e-9)
        assert source["score_contribution"] == pytest.approx(values["contribution"], abs=1e-9)

    total = explanation["sum"]
    assert total["unrounded_score"] == pytest.approx(unrounded(account, day), abs=1e-9)
    assert total["uncapped_points"] - total["cap_loss"] == pytest.approx(total["engagement_points"], abs=1e-9)
    assert total["activity_score"] == published_score(account, day) == explanation["score"]["activity_score"]
    assert total["adds_up"]

    lines = explanation["events"] + explanation["adjustments"]
    assert sum(line["score_points"] for line in lines) == pytest.approx(total["unrounded_score"], abs=1e-9)
    assert sum(person["points"] for person in explanation["developers"]) == pytest.approx(
        total["uncapped_points"], abs=1e-9
    )
    if total["unrounded_score"] > 0:
        assert sum(line["share_of_score"] for line in lines) == pytest.approx(1, abs=1e-9)
        assert sum(person["share_of_points"] for person in explanation["developers"]) == pytest.approx(1, abs=1e-9)


def parts_of_week(account: str, day: date) -> dict[str, dict[str, float]]:
    """The parts of the change by source, from the definitions in docs/explain.md, with loops."""
    week_ago = day - timedelta(days=7)
    then, now = scored(account, week_ago), scored(account, day)
    parts = {source: dict.fromkeys(SOURCE_PARTS, 0.0) for source in {**then, **now}}
    for activity in OF_ACCOUNT[account]:
        if activity["disposition"] == "excluded" or activity["source"] == "intent":
            continue
        age, part = (day - activity["day"]).days, parts.get(activity["source"])
        worth = activity["weight"] * activity["counted"] * activity["role_weight"]
        if 0 <= age < 7:
            part["new_activity"] += worth * decay(activity, day)
        elif 7 <= age < WINDOW:
            part["decay"] -= worth * (decay(activity, week_ago) - decay(activity, day))
        elif WINDOW <= age < WINDOW + 7:
            part["left_window"] -= worth * decay(activity, week_ago)
    if "active_developers" in parts:
        was, are = active_on(account, week_ago), active_on(account, day)
        parts["active_developers"]["developers_joined"] = PER_DEVELOPER * len(are - was)
        parts["active_developers"]["developers_left"] = -PER_DEVELOPER * len(was - are)
    for source, part in parts.items():
        before, after = (found.get(source, {"points": 0.0, "capped": 0.0}) for found in (then, now))
        part["source_cap"] = (after["capped"] - after["points"]) - (before["capped"] - before["points"])
    return {source: {name: 100 * points / THRESHOLD for name, points in part.items()} for source, part in parts.items()}


def active_on(account: str, day: date) -> set[str]:
    return {
        a["developer"]
        for a in OF_ACCOUNT[account]
        if a["developer"] and a["counted"] and a["weight"] > 0 and 0 <= (day - a["day"]).days < 30
    }


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "busy", "twin1"])
@pytest.mark.parametrize("back", [0, 1, 3, 10, 40, 82])
def test_the_change_of_a_week_adds_up_part_by_part(database, account, back):
    day = AS_OF - timedelta(days=back)
    week_ago = day - timedelta(days=7)
    week = explain(database, account, day)["last_7_days"]
    expected = parts_of_week(account, day)

    assert (week["from_date"], week["to_date"]) == (week_ago.isoformat(), day.isoformat())
    assert week["score_to"] == published_score(account, day)
    assert week["score_from_today"] == published_score(account, week_ago)
    assert week["score_change"] == round(week["score_to"] - week["score_from"], 2)
    assert math.fsum(week["parts"].values()) == pytest.approx(week["score_to"] - week["score_from"], abs=1e-9)

    assert {source["source"] for source in week["sources"]} == set(expected)
    for source in week["sources"]:
        for part in SOURCE_PARTS:
            assert source[part] == pytest.approx(expected[source["source"]][part], abs=1e-9), (source["source"], part)
        assert math.fsum(source[part] for part in SOURCE_PARTS) == pytest.approx(source["change"], abs=1e-9)
        assert source["new_activity"] >= 0 and source["decay"] <= 0 and source["left_window"] <= 0
        if source["source"] != "active_developers":
            assert source["new_activity_count"] == sum(
                a["units"]
                for a in OF_ACCOUNT[account]
                if a["source"] == source["source"] and a["disposition"] != "excluded" and 0 <= (day - a["day"]).days < 7
            )
    for part in SOURCE_PARTS:
        assert week["parts"][part] == pytest.approx(math.fsum(source[part] for source in week["sources"]), abs=1e-9)


def test_the_change_is_the_one_against_what_was_published(database):
    """The last one for that day before this build counts; who was not published stood at 0."""
    week_ago = AS_OF - timedelta(days=7)
    for account, published in PUBLISHED.items():
        week = explain(database, account)["last_7_days"]
        assert week["was_published"]
        assert week["score_from"] == published
        restated = published_score(account, week_ago) - published
        assert week["parts"]["restated"] == pytest.approx(restated, abs=1e-9)
        assert week["restatement"] is None
    earlier = explain(database, "acme", AS_OF - timedelta(days=1))["last_7_days"]
    assert not earlier["was_published"]
    assert earlier["score_from"] == published_score("acme", AS_OF - timedelta(days=8))
    assert earlier["parts"]["restated"] == 0


def test_the_limit_of_100_has_a_part_of_its_own(database):
    """What the sources give above 100, now as then, is taken back for the whole account."""
    week = explain(database, "busy", AS_OF - timedelta(days=1))["last_7_days"]
    then, now = (
        sum(source["capped"] for source in scored("busy", AS_OF - timedelta(days=back)).values()) for back in (8, 1)
    )
    assert THRESHOLD < then < now
    assert (week["score_from"], week["score_to"], week["score_change"]) == (100, 100, 0)
    assert week["parts"]["score_limit"] == pytest.approx(then - now, abs=1e-9)
    assert sum(source["change"] for source in week["sources"]) == pytest.approx(now - then, abs=1e-9)


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "acme2"])
def test_rules_of_an_earlier_day_are_those_of_the_build(database, account):
    """What is computed for an earlier day equals what the build published for it, or would have."""
    for back in [1, 2, 3, 6, 7, 20, 31, 40, 59]:
        day = AS_OF - timedelta(days=back)
        score = explain(database, account, day)["score"]
        expected = published_score(account, day)
        assert score["activity_category"] == band(expected)
        assert score["score_change_7d"] == round(expected - published_score(account, day - timedelta(days=7)), 2)
        assert score["score_change_30d"] == round(expected - published_score(account, day - timedelta(days=30)), 2)
        assert score["has_activity_surge"] == surges(account, day)
        if score["has_activity_surge"]:
            assert score["surge_started_on"] <= day.isoformat() <= score["surge_ends_on"]
        fell = round(expected - published_score(account, day - timedelta(days=28)), 2) <= -20
        was_higher = any(published_score(account, day - timedelta(days=earlier)) >= 20 for earlier in range(90))
        assert score["drop_off_risk"] == (fell or (expected < 20 and was_higher))


def test_surge_of_an_earlier_day(database):
    score = explain(database, "jump", AS_OF - timedelta(days=1))["score"]
    assert score["has_activity_surge"]
    assert score["surge_started_on"] == (AS_OF - timedelta(days=2)).isoformat()
    assert score["surge_ends_on"] == (AS_OF + timedelta(days=5)).isoformat()
    assert not explain(database, "jump", AS_OF - timedelta(days=3))["score"]["has_activity_surge"]

    seventh_day = explain(database, "burst", AS_OF - timedelta(days=24))["score"]
    assert seventh_day["surge_started_on"] == (AS_OF - timedelta(days=30)).isoformat()
    assert seventh_day["surge_ends_on"] == (AS_OF - timedelta(days=24)).isoformat()
    assert not explain(database, "burst", AS_OF - timedelta(days=23))["score"]["has_activity_surge"]


def test_developers_behind_the_score(database):
    people = {person["developer_id"]: person for person in explain(database, "acme")["developers"]}
    assert set(people) == {"ada", "bob", "eve", None}
    assert people["bob"]["display_name"] == "bob-codes"
    assert people["bob"]["counted_activities"] == 30
    assert people["eve"]["has_moved_on"] and people["eve"]["is_active"]
    assert not people["ada"]["has_moved_on"]
    assert people[None]["display_name"] == "(unattributed)" and not people[None]["is_active"]
    assert people[None]["points"] == pytest.approx(40 * 2 ** (-3 / 7), abs=1e-9)
    assert people["ada"]["last_activity_at"] == "2026-03-31T12:00:00Z"


def test_developers_becoming_active_and_inactive(database):
    assert explain(database, "acme")["last_7_days"]["no_longer_active_developers"] == []
    jump = explain(database, "jump")["last_7_days"]
    newly = {person["developer_id"]: person["is_first_time"] for person in jump["newly_active_developers"]}
    assert newly == {"lou": True, "kim": False}
    gone = explain(database, "fading", AS_OF - timedelta(days=1))["last_7_days"]["no_longer_active_developers"]
    assert {person["developer_id"] for person in gone} == {"eve", "max"}


def test_events_carry_weight_cap_and_decay(database):
    explanation = explain(database, "acme", events=True)
    events = {event["activity_id"]: event for event in explanation["events"]}
    in_window = [
        activity
        for activity in ACTIVITIES
        if activity["account"] == "acme"
        and activity["disposition"] != "excluded"
        and activity["source"] != "intent"
        and (AS_OF - activity["day"]).days < WINDOW
    ]
    assert set(events) == {activity["activity_id"] for activity in in_window}
    for activity in in_window:
        event = events[activity["activity_id"]]
        assert event["decay_factor"] == pytest.approx(decay(activity, AS_OF), abs=1e-12)
        assert (event["activity_count"], event["counted_count"]) == (activity["units"], activity["counted"])
        assert event["disposition"] == activity["disposition"]
    moments = [event["occurred_at"] for event in explanation["events"]]
    assert moments == sorted(moments, reverse=True)
    assert explanation["excluded"] == [{"disposition_reason": "bot", "activity_count": 7}]
    assert "events" not in explain(database, "acme")


@pytest.mark.parametrize("text", ["jump", "JUMP.example", "jump labs", " Jump Labs "])
def test_an_account_is_found_by_id_domain_or_name(database, text):
    assert explain(database, text)["account"]["account_id"] == "jump"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("twin", r"'twin' fits 2 accounts: other-twin\.example \(Twin\), twin\.example \(Twin\); name the account by"),
        ("acme.example", r"fits 2 accounts: .*tenant default.*tenant second.*add --tenant"),
        ("jmp labs", r"no account is called 'jmp labs'; close ones are jump\.example \(Jump Labs\)"),
        ("fad", r"close ones are fading\.example"),
        ("zzzz", r"no account is called 'zzzz'; give its domain"),
    ],
)
def test_no_or_several_accounts(database, text, message):
    with pytest.raises(UserError, match=message):
        explain(database, text)


def test_tenant_decides_between_equal_domains(database):
    assert explain(database, "acme.example", tenant="second")["account"]["account_id"] == "acme2"
    assert explain(database, "acme.example", tenant="default")["account"]["account_id"] == "acme"
    with pytest.raises(UserError, match="no account of tenant 'second'"):
        explain(database, "jump.example", tenant="second")


@pytest.mark.parametrize("day", [AS_OF + timedelta(days=1), AS_OF - timedelta(days=90)])
def test_a_day_outside_of_the_trend(database, day):
    with pytest.raises(UserError, match=f"build --as-of {day}"):
        explain(database, "acme", day)


def test_no_published_build(tmp_path):
    with pytest.raises(UserError, match="no published build"):
        explain(tmp_path / "marts.duckdb", "acme")
    (tmp_path / "broken.duckdb").write_text("not a database")
    with pytest.raises(UserError, match="cannot be opened"):
        explain(tmp_path / "broken.duckdb", "acme")


def test_explanation_is_json(database):
    explanation = explain(database, "acme", events=True)
    assert json.loads(json.dumps(explanation, allow_nan=False)) == explanation
    assert len(explanation["trend"]) == 90
    assert explanation["trend"][-1]["score_date"] == explanation["as_of_date"] == "2026-03-31"
    assert [band["category"] for band in explanation["bands"]] == ["Low", "Medium", "High"]


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "twin1"])
def test_printed_explanation_fits_100_columns_and_visibly_adds_up(database, account):
    explanation = explain(database, account, events=True)
    text = printed(lambda console: print_explanation(explanation, console))
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 100
    assert f"{explanation['score']['activity_score']:.2f}" in text
    if explanation["sources"]:
        assert f"published as {explanation['score']['activity_score']:.2f}" in text
        shown = [
            float(re.search(rf"^ +{re.escape(source['display_name'])} .* (\d+\.\d{{3}}) ", text, re.M).group(1))
            for source in explanation["sources"]
        ]
        assert sum(shown) == pytest.approx(explanation["sum"]["unrounded_score"], abs=2e-3)
        assert re.search(rf"^ +sum .* {explanation['sum']['unrounded_score']:.3f} ", text, re.M)
        assert f"= {explanation['sum']['unrounded_score']:.4f}, published as" in text


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "busy", "twin1"])
@pytest.mark.parametrize("back", [0, 1, 10, 45])
def test_the_printed_change_adds_up_as_printed(database, account, back):
    """Across and down, to the cent."""
    explanation = explain(database, account, AS_OF - timedelta(days=back))
    text = printed(lambda console: print_explanation(explanation, console))
    story = text[text.index("What changed since") :].splitlines()[1:]
    amounts = {line.split("  ")[1]: re.findall(r"(?<= )[+-]\d[\d,]*\.\d\d(?= |$)", line) for line in story}
    lines = {name: [Decimal(amount) for amount in found] for name, found in amounts.items() if found}
    total = lines.pop("change")
    for source in explanation["last_7_days"]["sources"]:
        if source["display_name"] in lines:
            *parts, change = lines[source["display_name"]]
            assert sum(parts) == change
    assert total == [sum((line[-1] for line in lines.values()), Decimal())]
    assert lines or not explanation["last_7_days"]["score_change"]


def test_printed_explanation_says_what_moved(database):
    text = printed(lambda console: print_explanation(explain(database, "jump"), console))
    assert "surging since 29 Mar" in text and "starts no route" not in text
    assert "What changed since 24 Mar   0.00 published then, 75.25 on 31 Mar; in score points" in text
    assert re.search(r"Form Signups +1 +\+55\.98 +- +- +-5\.98 +\+50\.00 *$", text, re.M)
    assert re.search(r"Active Developers +2 +\+10\.00 +- +- +- +\+10\.00 *$", text, re.M)
    assert re.search(r"Website +4 +- +-0\.02 +- +- +-0\.02 *$", text, re.M)
    assert re.search(r"Drawn anew +\+0\.04 *$", text, re.M)
    assert "Drawn anew: under today's data and settings 24 Mar stands at 0.04; the build that would tell why" in text
    assert re.search(r"Newly active: .*Lou \(first time here\)", text)
    assert "not add up" not in text
    wrong = explain(database, "jump")
    wrong["sum"]["adds_up"] = False
    assert "does not add up" in printed(lambda console: print_explanation(wrong, console))


@pytest.mark.parametrize(
    ("cause", "words"),
    [("import", "made by an import"), ("identity", "made by people who were linked"), ("settings", "changed settings")],
)
def test_a_surge_that_is_no_activity_says_so(database, cause, words):
    explanation = explain(database, "jump")
    assert explanation["score"]["surge_cause"] == "activity"
    explanation["score"]["surge_cause"] = cause
    text = " ".join(printed(lambda console: print_explanation(explanation, console)).split())
    assert words in text and "so it starts no route" in text


def test_what_was_compared_with_the_earlier_build_is_said(database):
    explanation = explain(database, "jump")
    week = explanation["last_7_days"]
    del week["parts"]["restated"]
    week["parts"] |= {"late_activity": 1.5, "developers_moved": -2.0, "settings_changed": 0.54}
    week["restatement"] = {
        "build_id": "2026-03-24_20260325T060000Z",
        "late_activities": 3,
        "removed_activities": 0,
        "moved_in": 1200,
        "moved_out": 1,
        "settings": [
            {"setting": "account_threshold", "key": None, "before": "110.0", "after": "100.0"},
            {"setting": "weight", "key": "form_submitted", "before": None, "after": "30.0"},
        ],
    }
    text = printed(lambda console: print_explanation(explanation, console))
    for line, value in (("Late activity", "+1.50"), ("Developers moved", "-2.00"), ("Settings changed", "+0.54")):
        assert re.search(rf"^ +{line} +{re.escape(value)} *$", text, re.M)
    said = " ".join(text.split())
    assert (
        "Of the activities up to 24 Mar, 3 arrived since 24 Mar, 1,200 moved to this account with their people" in said
    )
    assert ", 1 moved away or are left out now" in said and "vanished" not in said
    assert "Settings changed since: account threshold 110 to 100; weight of form_submitted none to 30" in said


def test_printed_top_accounts(database):
    text = printed(lambda console: print_top_accounts(database, console, limit=4))
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines() if "duckdb -readonly" not in line) <= 100
    scores = {account: published_score(account, AS_OF) for account in ACCOUNTS}
    ranked = sorted(scores, key=lambda account: -scores[account])
    assert re.search(rf"1  {ACCOUNTS[ranked[0]][1]}.*{scores[ranked[0]]:.2f}", text)
    assert re.search(r"surging since 29 Mar: 1 person, 1 Form Signups", text)
    assert "Cooling" in text and "Fading Systems" in text.split("Cooling")[1]
    words = " ".join(text.split())
    assert "41 activities in: 34 counted, 4 excluded (3 bot, 1 duplicate), 2 over daily cap, 1 rejected (1 bad" in words
    assert "activity-score explain jump.example --tenant default --events" in text
    assert f"{database}" in text and "use marts.marts" in text


def test_names_from_outside_cannot_write_to_the_terminal(database):
    explanation = explain(database, "jump", events=True)
    explanation["account"]["account_name"] = "[bold]Jump\x1b[2J"
    explanation["developers"][0]["display_name"] = explanation["events"][0]["display_name"] = "[/red]\x07Lou"
    text = printed(lambda console: print_explanation(explanation, console))
    assert "[bold]Jump [2J" in text and "[/red] Lou" in text


def test_sparkline_scales_to_100():
    assert sparkline([0, 12, 12.6, 50, 99.9, 100, 140, -5]) == "▁▁▂▅███▁"


def test_chart_rows_are_20_points_each():
    lines = chart([0, 0.1, 20, 50, 60, 100])
    assert [len(line) for line in lines] == [6] * 5
    assert lines == ["     █", "     █", "   ▄██", "   ███", " ▁████"]


def test_bar_is_drawn_in_eighths():
    assert bar(50, 100, 10) == "█████"
    assert bar(50.9, 100, 10) == "█████▏"
    assert bar(0.01, 100, 10) == "▏"
    assert bar(0, 100, 10) == "" and bar(1, 0, 10) == ""
