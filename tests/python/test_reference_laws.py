"""The laws of scoring.md, section 9, held against the reference itself on thousands of small cases."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from harness import assert_none, differences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference import Settings
from reference.changes import parts
from reference.engine import Tenant
from reference.history import AccountHistory
from reference.settings import day_number
from reference.tables import adjustments, ledger

AS_OF = date(2026, 3, 17)
TODAY = day_number(AS_OF)
CASES = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
TYPES = {  # activity_type: source, weight, daily cap
    "a1": ("alpha", 5, 2), "a2": ("alpha", 0.7, 10), "b1": ("beta", 30, 1), "c1": ("gamma", 3, 4),
    "x1": ("intent", 9, 3), "one": ("alpha", 4, 3), "two": ("delta", 4, 3),
}  # fmt: skip
SOURCES = {  # source: party, half-life, largest share
    "alpha": ("first", 14, 0.6), "beta": ("first", 3, 0.5), "gamma": ("first", 22, 0.2), "delta": ("first", 14, 0.4),
    "active_developers": ("first", None, 0.3), "intent": ("third", 14, 0.5),
}  # fmt: skip
SETTINGS = Settings.of({
    "activity_types": [
        {"activity_type": name, "source": source, "weight": weight, "daily_cap": cap}
        for name, (source, weight, cap) in TYPES.items()
    ],
    "sources": [
        {"source": name, "party": party, "half_life_days": half_life, "max_threshold_share": share}
        for name, (party, half_life, share) in SOURCES.items()
    ],
    "tenants": [{
        "tenant_id": "default", "profile": "fast", "points_per_active_developer": 2.5,
        "fallback_account_threshold": 40, "fallback_developer_threshold": 25,
    }],
    "scoring_profiles": [{"profile": "fast", "window_days": 30}],
    "developer_tags": [
        {"developer_tag": "VP", "role_weight": 1.5}, {"developer_tag": "Student", "role_weight": 0.5},
    ],
    "score_bands": [
        {"category": "Low", "lower_bound": 0}, {"category": "Medium", "lower_bound": 20},
        {"category": "High", "lower_bound": 60},
    ],
})  # fmt: skip
CONTACTS = [
    {"email": "p0@acme.example", "developer_tags": "VP;Student"},
    {"email": "p1@acme.example", "developer_tags": "Student"},
]  # fmt: skip
PEOPLE = ("p0@acme.example", "p1@acme.example", "p2@acme.example", "p3@globex.example", "")


def activity(kinds: list[str], first: int = -2, last: int = 45):
    """One activity: who, what, how long ago (below 0: after the as-of day), at what hour, how many."""
    return st.builds(
        lambda email, kind, back, hour, count: {
            "email": email,
            "account_domain": "acme.example",
            "activity_type": kind,
            "occurred_at": str(datetime(AS_OF.year, AS_OF.month, AS_OF.day, hour) - timedelta(days=back)),
            "count": count,
        },
        st.sampled_from(PEOPLE), st.sampled_from(kinds), st.integers(first, last), st.integers(0, 3), st.integers(1, 4),
    )  # fmt: skip


ACTIVITIES = st.lists(activity(["a1", "a2", "b1", "c1", "x1", "nonsense"]), min_size=1, max_size=14)


def scored(activities: list[dict], as_of: int = TODAY) -> Tenant:
    rows = [{"activity_id": f"{number:03d}", **row} for number, row in enumerate(activities)]
    return Tenant("t", {"activities": rows, "contacts": CONTACTS, "accounts": []}, SETTINGS, as_of)


def score(tenant: Tenant, account: AccountHistory, day: int) -> int:
    return account.score(day, tenant.model.account_threshold)


def developer_scores(tenant: Tenant) -> dict[str, int]:
    return {name: history.score(TODAY, tenant.model.developer_threshold) for name, history in tenant.developers.items()}


@CASES
@given(ACTIVITIES, activity(["a1", "a2", "b1", "c1"]))
def test_an_added_activity_never_lowers_any_score(activities, added):
    before, after = scored(activities), scored([*activities, added])
    for domain, account in before.accounts.items():
        for day in range(TODAY - 10, TODAY + 1):
            assert score(after, after.accounts[domain], day) >= score(before, account, day)
    more = developer_scores(after)
    assert all(more[name] >= points for name, points in developer_scores(before).items())


@CASES
@given(ACTIVITIES, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(activities, random):
    rows = [{"activity_id": f"{number:03d}", **row} for number, row in enumerate(activities)]
    shuffled = [{**row, "loaded_at": str(AS_OF + timedelta(days=random.randrange(9)))} for row in rows]
    random.shuffle(shuffled)
    before, after = scored(rows), scored(shuffled)
    rows = ledger(before)
    assert_none(differences(rows, ledger(after), ["activity_id"], rows[0]))
    assert developer_scores(before) == developer_scores(after)


@CASES
@given(ACTIVITIES)
def test_without_new_activity_no_score_rises(activities):
    tenant = scored(activities, TODAY + 40)
    for account in tenant.accounts.values():
        scores = [score(tenant, account, day) for day in range(TODAY + 2, TODAY + 40)]
        assert scores == sorted(scores, reverse=True)


@CASES
@given(ACTIVITIES)
def test_what_happens_after_the_day_does_not_change_it(activities):
    until = [row for row in activities if row["occurred_at"][:10] <= str(AS_OF)]
    with_all, without = scored(activities), scored(until)
    assert with_all.accounts.keys() == without.accounts.keys()
    for domain, account in without.accounts.items():
        assert math.isclose(with_all.accounts[domain].uncapped(TODAY), account.uncapped(TODAY), rel_tol=1e-12)
    assert developer_scores(with_all).items() >= developer_scores(without).items()


@CASES
@given(st.lists(activity(["one"]), min_size=1, max_size=14), st.sets(st.sampled_from(PEOPLE)))
def test_splitting_people_among_sources_never_changes_the_uncapped_total(activities, movers):
    moved = [{**row, "activity_type": "two"} if row["email"] in movers else row for row in activities]
    one, several = scored(activities), scored(moved)
    for domain, account in one.accounts.items():
        assert math.isclose(account.uncapped(TODAY), several.accounts[domain].uncapped(TODAY), rel_tol=1e-12)


@CASES
@given(ACTIVITIES)
def test_everything_adds_up_to_the_unrounded_score(activities):
    tenant = scored(activities)
    threshold = tenant.model.account_threshold
    by_account: dict[str, float] = {}
    for row in ledger(tenant) + adjustments(tenant):
        by_account[row["account_id"]] = by_account.get(row["account_id"], 0.0) + row["score_points"]
    exact = [account.exact_score(TODAY, threshold) for account in tenant.accounts.values()]
    assert math.isclose(sum(by_account.values()), sum(exact), rel_tol=1e-9, abs_tol=1e-9)
    assert all(0 <= points <= 100 for points in exact)


@CASES
@given(ACTIVITIES)
def test_one_source_alone_never_fills_the_score(activities):
    tenant = scored([row for row in activities if row["activity_type"] in ("a1", "a2")])
    shares = SOURCES["alpha"][2] + SOURCES["active_developers"][2]
    for account in tenant.accounts.values():
        assert account.exact_score(TODAY, tenant.model.account_threshold) <= 100 * shares + 1e-9


@CASES
@given(ACTIVITIES, st.integers(-7, 50))
def test_the_parts_of_a_change_add_up(activities, later):
    tenant = scored(activities, TODAY + later)
    threshold, day = tenant.model.account_threshold, TODAY + later
    for account in tenant.accounts.values():
        found = parts(account, day, threshold)
        change = (account.score(day, threshold) - account.score(day - 7, threshold)) / 100
        assert math.isclose(math.fsum(found.values()), change, rel_tol=0, abs_tol=1e-9)
        for (component, _), points in found.items():
            assert component not in ("new_activity", "developers_joined") or points >= 0
            assert component not in ("decay", "left_window", "developers_left") or points <= 0
        if not any(day - 7 < activity["day"] <= day for activity in account.activities):
            raised = {component for (component, _), points in found.items() if points > 0}
            assert raised <= {"source_cap", "score_limit", "rounding"}  # what limits took gives way first
            assert change <= 0
