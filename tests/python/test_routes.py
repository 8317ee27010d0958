"""Segments and tasks in real builds: members, history and tasks fit together, and the forecast comes true."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from conftest import LATER, Built
from harness import Rows, Tables, same
from reference.domains import account_key
from reference.engine import Tenant
from reference.feed import tenant_of
from reference.settings import day_date, day_number
from worlds import AS_OF

FLAGS = {  # what each segment is, on the row of an account
    "pipeline_high_engagement": lambda row: row["activity_score"] > 80 and row["lifecycle_stage"] == "In Pipeline",
    "buyer_engaged_not_customer": lambda row: (
        row["activity_score"] > 80 and row["has_buyer"] and row["lifecycle_stage"] != "Customer"
    ),
    "activity_surge": lambda row: row["has_activity_surge"],
    "high_engagement": lambda row: row["activity_category"] == "High",
    "drop_off_risk": lambda row: row["drop_off_risk"],
    "continuous_engagement": lambda row: row["is_continuous"],
}


def members(tables: Tables) -> set[tuple[str, str]]:
    return {(row["segment"], row["account_id"]) for row in tables.rows("segment_members")}


def changes(tables: Tables, until: date) -> list[tuple]:
    found = tables.rows("segment_changes")
    columns = ("changed_on", "segment", "account_id", "change")
    return sorted(tuple(row[column] for column in columns) for row in found if row["changed_on"] <= until)


def replay(history: list[tuple]) -> dict[tuple[str, str], date]:
    """The members after all changes, with the day since which; entries and exits must alternate."""
    standing: dict[tuple[str, str], date] = {}
    for day, segment, account, change in history:
        if change == "entered":
            assert (segment, account) not in standing
            standing[segment, account] = day
        else:
            del standing[segment, account]
    return standing


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_members_are_the_accounts_that_a_segment_describes(name, request):
    tables = request.getfixturevalue(name).tables
    accounts = tables.rows("accounts")
    assert {row["segment"] for row in tables.rows("segments")} == set(FLAGS)
    expected = {(segment, row["account_id"]) for segment, flag in FLAGS.items() for row in accounts if flag(row)}
    assert members(tables) == expected
    if name == "main":
        assert {segment for segment, _ in expected} == set(FLAGS) - {"pipeline_high_engagement"}  # no world has stages


def test_the_history_goes_on_from_build_to_build(main, later, again):
    """The day before AS_OF, AS_OF, three weeks later, and AS_OF again."""
    history = changes(main.tables, AS_OF)
    assert {day for day, *_ in history} == {AS_OF - timedelta(days=1), AS_OF}
    assert {change for *_, change in history} == {"entered", "left"}
    assert replay(history).keys() == members(main.tables)
    assert {(row["segment"], row["account_id"]): row["entered_on"] for row in main.tables.rows("segment_members")} == (
        replay(history)
    )
    longer = changes(later.tables, LATER)
    assert longer[: len(history)] == history and longer[-1][0] == LATER
    assert replay(longer).keys() == members(later.tables)
    assert changes(again, LATER) == longer


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_every_account_that_matches_a_playbook_has_one_task(name, request):
    tables = request.getfixturevalue(name).tables
    priority = {row["segment"]: (row["priority"], row["playbook"]) for row in tables.rows("segments")}
    best: dict[str, tuple] = {}
    for segment, account in members(tables):
        best[account] = min(priority[segment], best.get(account, priority[segment]))
    routes = {row["account_id"]: row for row in tables.rows("account_routes")}
    assert len(routes) == len(tables.rows("account_routes")) > 20
    assert set(best) <= set(routes)
    for account, route in routes.items():
        found = (route["priority"], route["playbook"])
        if route["left_on"] is None:
            assert found == best[account]
            assert route["reason"]
        else:  # just left, and therefore more urgent than what the account is in now
            assert found < best.get(account, (1000, ""))
        assert (route["owner_email"], route["owner_source"]) == ("sales-queue@northwind-build.example", "queue")
        assert route["action_steps"].startswith("1. ")


@pytest.mark.parametrize("name", ["main", "later", "other"])
def test_the_forecast_is_the_first_day_below_high(name, request):
    """Day by day from the definitions, with the thresholds in force and nothing new: on the day before it is High."""
    built: Built = request.getfixturevalue(name)
    as_of = max(row["as_of_date"] for row in built.tables.rows("accounts"))
    high_from = next(row["lower_bound"] for row in built.settings.seeds["score_bands"] if row["category"] == "High")
    routes = {row["account_id"]: row for row in built.tables.rows("account_routes")}
    compared = 0
    for tenant in tenants(built, as_of):
        for domain, history in tenant.accounts.items():
            route = routes.get(account_key(tenant.tenant_id, domain))
            if route is None:
                continue

            def is_high(day: int, history=history, tenant=tenant) -> bool:
                return history.score(day, tenant.model.account_threshold) >= 100 * high_from

            if not is_high(tenant.as_of):
                assert route["expected_to_leave_high_on"] is None
                continue
            first_day_below = next(day for day in range(tenant.as_of, tenant.as_of + 400) if not is_high(day))
            assert route["expected_to_leave_high_on"] == day_date(first_day_below)
            compared += 1
    assert compared > 10


def tenants(built: Built, as_of: date) -> list[Tenant]:
    """The reference's calculation of every tenant."""
    feeds: dict[str, dict[str, Rows]] = defaultdict(lambda: {name: [] for name in built.feed})
    for name, rows in built.feed.items():
        for row in rows:
            feeds[tenant_of(row)][name].append(row)
    return [Tenant(tenant_id, feed, built.settings, day_number(as_of)) for tenant_id, feed in feeds.items()]


def test_a_build_three_weeks_later_shows_that_the_forecast_came_true(main, later):
    """For accounts at which nothing happened since, and whose thresholds and people's roles are the same."""
    last_activity = {row["account_id"]: row["last_activity_at"] for row in later.tables.rows("accounts")}
    trends: dict[str, dict[date, dict]] = defaultdict(dict)
    for row in later.tables.rows("account_scores_daily"):
        trends[row["account_id"]][row["score_date"]] = row
    today = {row["account_id"]: row for row in main.tables.rows("accounts")}
    compared = 0
    for route in main.tables.rows("account_routes"):
        account, leaves_on = route["account_id"], route["expected_to_leave_high_on"]
        trend = trends[account]
        is_unchanged = last_activity[account].date() <= AS_OF and all(
            same(trend[AS_OF][column], today[account][column]) for column in ("model_version", "uncapped_points")
        )
        if leaves_on and leaves_on <= LATER and is_unchanged:
            assert trend[leaves_on]["activity_category"] != "High"
            assert trend[leaves_on - timedelta(days=1)]["activity_category"] == "High"
            compared += 1
    assert compared > 10
