"""The reference itself, against numbers worked out on paper. No database is needed for these."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import harness
import pytest
from reference import Settings, score_rows
from reference.points import count_units, decay, decayed
from reference.rounding import cents
from reference.thresholds import ninetieth_percentile
from worlds import AS_OF, World, feed_of, model_row, seeds_of
from worlds_by_hand import HARBOR, STEADY_SOURCES, STEADY_TYPES, SURGES, at, numbered, patched, worked_example


@cache
def default_settings() -> Settings:
    return Settings.read(harness.ROOT / "seeds")


def scored(*worlds: World, settings: Settings | None = None, as_of: date = AS_OF) -> dict[str, list[dict]]:
    settings = settings or default_settings()
    for name, rows in seeds_of(worlds).items():
        settings = settings.with_seed(name, rows)
    return score_rows(feed_of(worlds), settings, as_of)


def key(tenant_id: str, name: str) -> str:
    return hashlib.md5(f"{tenant_id}|{name}".encode()).hexdigest()


def test_worked_example():
    tables = scored(worked_example())
    (account,) = tables["accounts"]
    assert account["account_id"] == key("harbor", HARBOR)
    assert (account["activity_score"], account["activity_category"]) == (Decimal("94.10"), "High")
    assert (account["engagement_label"], account["is_strong"], account["is_continuous"]) == ("strong", True, False)
    assert (account["score_change_7d"], account["top_source"]) == (Decimal("75.88"), "forms")
    assert (account["has_activity_surge"], account["surge_started_on"]) == (True, AS_OF)
    today = next(row for row in tables["account_scores_daily"] if row["score_date"] == AS_OF)
    assert (today["engagement_points"], today["uncapped_points"]) == (235.25, 245.25)
    contributions = {
        row["source"]: (row["engagement_points"], round(row["score_contribution"], 9))
        for row in tables["account_source_scores_daily"]
        if row["score_date"] == AS_OF
    }
    assert contributions == {
        "github": (47.25, 18.9), "website": (8.0, 3.2), "forms": (160.0, 60.0), "telemetry": (10.0, 4.0),
        "active_developers": (20.0, 8.0),
    }  # fmt: skip
    people = {row["developer_id"]: row["activity_score"] for row in tables["developers"]}
    assert people == {
        key("harbor", f"email:ana@{HARBOR}"): Decimal("15.75"), key("harbor", f"email:ben@{HARBOR}"): Decimal("84.00")
    }  # fmt: skip
    over = [row["activity_id"] for row in tables["activity_ledger"] if row["disposition"] == "over_daily_cap"]
    assert over == ["a0004"]


@pytest.mark.parametrize("name", SURGES)
def test_surge_lasts_as_long_as_the_rules_say(name):
    world, days = SURGES[name]
    seeds = default_settings().seeds
    settings = (
        default_settings()
        .with_seed("sources", patched(seeds["sources"], "source", STEADY_SOURCES))
        .with_seed("activity_types", patched(seeds["activity_types"], "activity_type", STEADY_TYPES))
    )
    daily = scored(world, settings=settings)["account_scores_daily"]
    assert sum(row["has_activity_surge"] for row in daily) == days


def test_ninetieth_percentile():
    values = [475, 89, 101, 7, 3, 21, 2, 149, 223, 1, 13, 9, 37]
    assert ninetieth_percentile(values) == pytest.approx(208.2, abs=1e-12)
    assert ninetieth_percentile([5.0]) == 5.0


def test_decay_at_the_edges_of_the_window():
    assert decay(0, 14, 90) == 1
    assert decay(14, 14, 90) == 0.5
    assert decay(89, 14, 90) == 2 ** (-89 / 14)
    assert decay(90, 14, 90) == 0
    assert decay(-1, 14, 90) == 0
    assert decayed({100: 8.0, 93: 4.0}, 107, 7, 90) == 4.0 + 1.0


@pytest.mark.parametrize(
    ("value", "hundredths"),
    [(19.995, 2000), (19.99499999, 1999), (19.9949999999, 2000), (0.005, 1), (100.0, 10000), (59.99, 5999)],
)
def test_rounding_goes_through_nine_decimals_and_half_up(value, hundredths):
    assert cents(value) == hundredths


def test_days_are_utc_days():
    """Half past midnight in Kolkata was the day before in UTC; late on the as-of day in New York is after it."""
    star = {"activity_type": "github_commit", "account_domain": "acme.example"}
    moments = ["2026-03-17T00:30:00+05:30", "2026-03-17 20:00:00-05:00", "2026-03-17T23:59:59.999Z", "2026-03-17"]
    rows = numbered([{**star, "occurred_at": moment} for moment in moments])
    ledger = {row["activity_id"]: row for row in scored(World("t", rows))["activity_ledger"]}
    assert [str(ledger[f"a000{number}"]["occurred_at"]) for number in range(4)] == [
        "2026-03-16 19:00:00", "2026-03-18 01:00:00", "2026-03-17 23:59:59.999000", "2026-03-17 00:00:00",
    ]  # fmt: skip
    assert [ledger[f"a000{number}"]["disposition_reason"] for number in range(4)] == [None, "future", None, None]


def test_daily_cap_takes_units_in_order_of_time_then_id():
    settings = default_settings().with_seed(
        "activity_types", [{"activity_type": "issue", "source": "github", "weight": "9", "daily_cap": "3"}]
    )
    common = {"developer": "d", "domain": "acme.example", "activity_type": "issue", "day": 0, "reason": None}
    rows = [
        {**common, "activity_id": "b", "occurred_at": 2, "count": 5},
        {**common, "activity_id": "d", "occurred_at": 1, "count": 1},
        {**common, "activity_id": "c", "occurred_at": 1, "count": 1},
        {**common, "activity_id": "a", "occurred_at": 3, "count": 1},
        {**common, "activity_id": "e", "occurred_at": 3, "count": 1, "day": 1},
    ]
    count_units(rows, settings)
    assert {row["activity_id"]: (row["units"], row["disposition"], row["reason"]) for row in rows} == {
        "c": (1, "counted", None),
        "d": (1, "counted", None),
        "b": (1, "counted", "over_daily_cap"),
        "a": (0, "over_daily_cap", "over_daily_cap"),
        "e": (1, "counted", None),
    }


def test_cap_of_equal_moments_goes_by_id():
    settings = default_settings().with_seed(
        "activity_types", [{"activity_type": "issue", "source": "github", "weight": "9", "daily_cap": "1"}]
    )
    common = {"developer": "d", "domain": "acme.example", "activity_type": "issue", "day": 0, "count": 1}
    rows = [{**common, "activity_id": name, "occurred_at": 1, "reason": None} for name in "bac"]
    count_units(rows, settings)
    assert [row["units"] for row in rows] == [0, 1, 0]


def test_of_a_repeated_record_the_one_loaded_first_stays():
    star = {"activity_id": "a", "occurred_at": at(3), "email": "a@acme.example"}
    rows = [
        {**star, "activity_type": "github_issue_opened", "loaded_at": at(1)},
        {**star, "activity_type": "github_star", "loaded_at": at(2)},
        {**star, "activity_type": "github_fork", "loaded_at": at(0)},
    ]
    assert [row["activity_type"] for row in scored(World("t", rows))["activity_ledger"]] == ["github_star"]


def test_breadth_is_thirty_days_and_scores_only():
    """A star 29 days ago makes an active developer, 30 days ago no more; nor do ads worth 0 points and signals."""
    kinds = {"in@acme.example": ("github_star", 29), "out@acme.example": ("github_star", 30)}
    kinds |= {"ad@acme.example": ("ad_impression", 0), "seen@acme.example": ("intent_topic_surge", 0)}
    rows = [{"email": name, "activity_type": kind, "occurred_at": at(back)} for name, (kind, back) in kinds.items()]
    tables = scored(World("t", numbered(rows)).pinned(100, 100))
    lines = [row["developer_id"] for row in tables["account_score_adjustments"]]
    assert lines == [key("t", "email:in@acme.example")]
    people = {row["developer_id"]: row["activity_score"] for row in tables["developers"]}
    assert people[key("t", "email:seen@acme.example")] == 0
    assert tables["accounts"][0]["intent_score"] == 10


def test_contributions_are_scaled_down_where_points_exceed_the_threshold():
    kinds = {"meeting_held": 50, "demo_requested": 80, "deployment": 6}
    rows = [
        {"account_domain": "acme.example", "activity_type": kind, "occurred_at": at(0), "count": "1"} for kind in kinds
    ]
    tables = scored(World("t", numbered(rows)).pinned(50, 100))
    shares = {row["source"]: row["score_contribution"] for row in tables["account_source_scores_daily"]}
    # T = 50: meetings and forms stop at 0.6 * 50 = 30 each, usage gives 6: E = 66, the score 100.
    expected = {"meetings": 100 * 30 / 66, "forms": 100 * 30 / 66, "product_usage": 100 * 6 / 66}
    assert shares == pytest.approx(expected, abs=1e-12)


def test_the_largest_role_weight_counts():
    """Tags given by hand hold for good; a title counts as it is today."""
    contacts = [
        {"email": "a@acme.example", "developer_tags": "Student; champion"},
        {"email": "b@acme.example", "job_title": "CTO", "valid_from": "2026-01-01"},
        {"email": "b@acme.example", "job_title": "Poet", "valid_from": "2026-02-01"},
        {"email": "b@acme.example", "job_title": "VP Sales", "valid_from": "2026-12-01"},
    ]
    people = {row["developer_id"]: row for row in scored(World("t", [], contacts))["developers"]}
    one, two = people[key("t", "email:a@acme.example")], people[key("t", "email:b@acme.example")]
    assert (one["role_weight"], two["role_weight"], two["job_title"], two["is_buyer"]) == (1.25, 1, "Poet", False)


def test_disposition_is_the_first_reason_that_applies():
    star = {"activity_type": "github_star", "occurred_at": at(1), "account_domain": "acme.example"}
    rows = numbered([
        {**star, "occurred_at": at(-1), "activity_type": "nonsense"},
        {**star, "activity_type": "nonsense", "github_login": "release-bot"},
        {**star, "github_login": "release-bot", "account_domain": "vendor.example"},
        {**star, "github_login": "human", "is_bot": "true"},
        {**star, "email": "me@eng.vendor.example"},
        {**star, "account_domain": "docs.vendor.example", "github_login": "ann"},
        {**star, "email": "shy@gmail.com"},
        {**star, "email": "free@gmail.com", "account_domain": ""},
        {**star, "account_domain": ""},
        {**star, "github_login": "human"},
    ])  # fmt: skip
    rows.append({**rows[9], "loaded_at": at(0)})
    rows.append({**rows[9], "loaded_at": at(-2), "occurred_at": "the other day"})  # first, but repeats nothing
    world = World(
        "t", activities=rows, contacts=[{"email": "shy@gmail.com", "opted_out": "true"}],
        tenant={"internal_domains": "vendor.example"},
    )  # fmt: skip
    tables = scored(world)
    ledger = sorted(tables["activity_ledger"], key=lambda row: row["activity_id"])
    assert [row["disposition_reason"] for row in ledger] == [
        "future", "unknown_type", "bot", "bot", "internal", "internal", "opted_out", "no_account", "no_account", None,
    ]  # fmt: skip
    counts = {
        (row["disposition"], row["disposition_reason"]): row["record_count"] for row in tables["source_reconciliation"]
    }
    assert sum(counts.values()) == len(rows)
    assert (counts["excluded", "duplicate"], counts["rejected", None], counts["counted", None]) == (1, 1, 1)
    people = {row["developer_id"]: row["activity_score"] for row in tables["developers"]}
    names = ("github_login:human", "email:free@gmail.com", "github_login:ann")
    assert people.keys() == {key("t", name) for name in names}
    assert people[key("t", "email:free@gmail.com")] > 0  # no account, and yet a developer with a score


def test_account_comes_from_work_mail_then_the_record_then_the_link():
    star = {"activity_type": "github_star"}
    rows = numbered([
        {**star, "occurred_at": at(5), "email": "dev@eng.acme.co.uk", "account_domain": "other.example"},
        {**star, "occurred_at": at(4), "email": "dev@gmail.com", "account_domain": "www.Other.example"},
        {**star, "occurred_at": at(30), "github_login": "dev"},
        {**star, "occurred_at": at(20), "github_login": "dev"},
        {**star, "occurred_at": at(10), "github_login": "dev"},
        {**star, "occurred_at": at(3), "email": "x@old.example"},
        {**star, "occurred_at": at(2), "email": "x@old.example"},
        {**star, "occurred_at": at(2), "email": "y@alt.example"},
        {**star, "occurred_at": at(1), "github_login": "seen", "email": "seen@later.example"},
        {**star, "occurred_at": at(9), "github_login": "seen"},
        {**star, "occurred_at": at(1), "github_login": "newcomer"},
    ])  # fmt: skip
    day = str(AS_OF - timedelta(days=20))
    contacts = [
        {"github_login": "dev", "account_domain": "second.example", "valid_from": day},
        {"github_login": "dev", "account_domain": "also.example", "valid_from": day},
        {"github_login": "dev", "account_domain": "third.example", "valid_from": str(AS_OF - timedelta(days=10))},
        {"github_login": "dev", "account_domain": "tomorrow.example", "valid_from": str(AS_OF + timedelta(days=1))},
        {
            "github_login": "newcomer",
            "account_domain": "tomorrow.example",
            "valid_from": str(AS_OF + timedelta(days=1)),
        },
    ]
    accounts = [{"account_domain": "main.example", "other_domains": "alt.example; alt2.example"}]
    aliases = [{"domain": "old.example", "alias_of": "new.example", "valid_from": str(AS_OF - timedelta(days=2))}]
    tables = scored(World("t", rows, contacts, accounts, aliases=aliases))
    placed = {row["activity_id"]: row["account_id"] for row in tables["activity_ledger"]}
    expected = [
        "acme.co.uk", "other.example", "also.example", "also.example", "third.example",
        "old.example", "new.example", "main.example", "later.example", "later.example",
    ]  # fmt: skip
    expected_keys = [*(key("t", domain) for domain in expected), None]
    assert placed == {f"a{number:04d}": name for number, name in enumerate(expected_keys)}


def test_thresholds_pinned_calibrated_and_fallen_back():
    star = {"activity_type": "community_question"}

    def crowd(tenant_id: str, size: int, back: int) -> World:
        rows = [{**star, "email": f"p@c{number}.example", "occurred_at": at(back)} for number in range(size)]
        tenant = {"fallback_account_threshold": "321", "fallback_developer_threshold": "12"}
        return World(tenant_id, numbered(rows), tenant=tenant)

    pinned = crowd("pinned", 25, 30)
    pinned.models = [
        model_row("v1", AS_OF - timedelta(days=9), 11, 1),
        model_row("v2", AS_OF, 22, 2),
        model_row("v3", AS_OF + timedelta(days=1), 33, 3),
    ]
    tables = scored(pinned, crowd("frozen", 20, 30), crowd("recent", 20, 3), crowd("few", 19, 3))
    models = {row["tenant_id"]: row for row in tables["score_models"]}
    assert [models[name]["model_version"] for name in ("pinned", "frozen", "recent", "few")] == [
        "v2", "auto-2026-02-28", "auto-2026-03-17", "default",
    ]  # fmt: skip
    assert models["few"]["account_threshold"] == 321
    days_until_frozen = (date(2026, 2, 28) - (AS_OF - timedelta(days=30))).days
    points = 9 * 2 ** (-days_until_frozen / 14)
    assert models["frozen"]["developer_threshold"] == pytest.approx(points, abs=1e-12)
    assert models["frozen"]["account_threshold"] == pytest.approx(points + 10, abs=1e-12)


def test_shared_and_over_linked_identifiers_join_nobody():
    star = {"activity_type": "github_star", "occurred_at": at(1), "account_domain": "acme.example"}
    rows = numbered([
        {**star, "email": "info@acme.example", "github_login": "one"},
        {**star, "email": "info@acme.example", "github_login": "two"},
        {**star, "email": "info@acme.example"},
        {**star, "email": "noreply@acme.example"},
        {**star, "email": "77+One@users.noreply.github.com"},
        *({**star, "user_id": f"u{number}", "anonymous_id": "kiosk"} for number in range(4)),
        {**star, "anonymous_id": "kiosk"},
        *({**star, "user_id": f"v{number}", "anonymous_id": "laptop"} for number in range(3)),
    ])  # fmt: skip
    settings = Settings(default_settings().seeds, max_identifier_links=3)
    ledger = scored(World("t", rows), settings=settings)["activity_ledger"]
    developers = {row["activity_id"]: row["developer_id"] for row in ledger}
    names = ["github_login:one", "github_login:two", "email:info@acme.example", None, "github_login:one"]
    names += ["user_id:u0", "user_id:u1", "user_id:u2", "user_id:u3", "anonymous_id:kiosk", *["user_id:v0"] * 3]
    assert developers == {f"a{number:04d}": name and key("t", name) for number, name in enumerate(names)}
