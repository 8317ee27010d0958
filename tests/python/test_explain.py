"""`explain`, on a small world whose numbers are computed by plain loops over scoring.md."""

import json
import math
from datetime import date, timedelta

import pytest
from explained_world import (
    ACTIVITIES,
    AS_OF,
    OF_ACCOUNT,
    PER_DEVELOPER,
    PUBLISHED,
    THRESHOLD,
    WINDOW,
    band,
    decay,
    published_score,
    scored,
    surges,
    unrounded,
)

from activity_score.errors import UserError
from activity_score.explain import explain
from activity_score.score_change import SOURCE_PARTS


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "twin1", "acme2"])
@pytest.mark.parametrize("back", [0, 1, 7, 28, 45, 89])
def test_every_day_of_the_trend_adds_up_to_the_published_score(explained_world, account, back):
    day = AS_OF - timedelta(days=back)
    explanation = explain(explained_world, account, day, events=True)
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
def test_the_change_of_a_week_adds_up_part_by_part(explained_world, account, back):
    day = AS_OF - timedelta(days=back)
    week_ago = day - timedelta(days=7)
    week = explain(explained_world, account, day)["last_7_days"]
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


def test_the_change_is_the_one_against_what_was_published(explained_world):
    """The last one for that day before this build counts; who was not published stood at 0."""
    week_ago = AS_OF - timedelta(days=7)
    for account, published in PUBLISHED.items():
        week = explain(explained_world, account)["last_7_days"]
        assert week["was_published"]
        assert week["score_from"] == published
        restated = published_score(account, week_ago) - published
        assert week["parts"]["restated"] == pytest.approx(restated, abs=1e-9)
        assert week["restatement"] is None
    earlier = explain(explained_world, "acme", AS_OF - timedelta(days=1))["last_7_days"]
    assert not earlier["was_published"]
    assert earlier["score_from"] == published_score("acme", AS_OF - timedelta(days=8))
    assert earlier["parts"]["restated"] == 0


def test_the_limit_of_100_has_a_part_of_its_own(explained_world):
    """What the sources give above 100, now as then, is taken back for the whole account."""
    week = explain(explained_world, "busy", AS_OF - timedelta(days=1))["last_7_days"]
    then, now = (
        sum(source["capped"] for source in scored("busy", AS_OF - timedelta(days=back)).values()) for back in (8, 1)
    )
    assert THRESHOLD < then < now
    assert (week["score_from"], week["score_to"], week["score_change"]) == (100, 100, 0)
    assert week["parts"]["score_limit"] == pytest.approx(then - now, abs=1e-9)
    assert sum(source["change"] for source in week["sources"]) == pytest.approx(now - then, abs=1e-9)


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "acme2"])
def test_rules_of_an_earlier_day_are_those_of_the_build(explained_world, account):
    """What is computed for an earlier day equals what the build published for it, or would have."""
    for back in [1, 2, 3, 6, 7, 20, 31, 40, 59]:
        day = AS_OF - timedelta(days=back)
        score = explain(explained_world, account, day)["score"]
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


def test_surge_of_an_earlier_day(explained_world):
    score = explain(explained_world, "jump", AS_OF - timedelta(days=1))["score"]
    assert score["has_activity_surge"]
    assert score["surge_started_on"] == (AS_OF - timedelta(days=2)).isoformat()
    assert score["surge_ends_on"] == (AS_OF + timedelta(days=5)).isoformat()
    assert not explain(explained_world, "jump", AS_OF - timedelta(days=3))["score"]["has_activity_surge"]

    seventh_day = explain(explained_world, "burst", AS_OF - timedelta(days=24))["score"]
    assert seventh_day["surge_started_on"] == (AS_OF - timedelta(days=30)).isoformat()
    assert seventh_day["surge_ends_on"] == (AS_OF - timedelta(days=24)).isoformat()
    assert not explain(explained_world, "burst", AS_OF - timedelta(days=23))["score"]["has_activity_surge"]


def test_developers_behind_the_score(explained_world):
    people = {person["developer_id"]: person for person in explain(explained_world, "acme")["developers"]}
    assert set(people) == {"ada", "bob", "eve", None}
    assert people["bob"]["display_name"] == "bob-codes"
    assert people["bob"]["counted_activities"] == 30
    assert people["eve"]["has_moved_on"] and people["eve"]["is_active"]
    assert not people["ada"]["has_moved_on"]
    assert people[None]["display_name"] == "(unattributed)" and not people[None]["is_active"]
    assert people[None]["points"] == pytest.approx(40 * 2 ** (-3 / 7), abs=1e-9)
    assert people["ada"]["last_activity_at"] == "2026-03-31T12:00:00Z"


def test_developers_becoming_active_and_inactive(explained_world):
    assert explain(explained_world, "acme")["last_7_days"]["no_longer_active_developers"] == []
    jump = explain(explained_world, "jump")["last_7_days"]
    newly = {person["developer_id"]: person["is_first_time"] for person in jump["newly_active_developers"]}
    assert newly == {"lou": True, "kim": False}
    gone = explain(explained_world, "fading", AS_OF - timedelta(days=1))["last_7_days"]["no_longer_active_developers"]
    assert {person["developer_id"] for person in gone} == {"eve", "max"}


def test_events_carry_weight_cap_and_decay(explained_world):
    explanation = explain(explained_world, "acme", events=True)
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
    assert "events" not in explain(explained_world, "acme")


@pytest.mark.parametrize("text", ["jump", "JUMP.example", "jump labs", " Jump Labs "])
def test_an_account_is_found_by_id_domain_or_name(explained_world, text):
    assert explain(explained_world, text)["account"]["account_id"] == "jump"


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
def test_no_or_several_accounts(explained_world, text, message):
    with pytest.raises(UserError, match=message):
        explain(explained_world, text)


def test_tenant_decides_between_equal_domains(explained_world):
    assert explain(explained_world, "acme.example", tenant="second")["account"]["account_id"] == "acme2"
    assert explain(explained_world, "acme.example", tenant="default")["account"]["account_id"] == "acme"
    with pytest.raises(UserError, match="no account of tenant 'second'"):
        explain(explained_world, "jump.example", tenant="second")


@pytest.mark.parametrize("day", [AS_OF + timedelta(days=1), AS_OF - timedelta(days=90)])
def test_a_day_outside_of_the_trend(explained_world, day):
    with pytest.raises(UserError, match=f"build --as-of {day}"):
        explain(explained_world, "acme", day)


def test_no_published_build(tmp_path):
    with pytest.raises(UserError, match="no published build"):
        explain(tmp_path / "marts.duckdb", "acme")
    (tmp_path / "broken.duckdb").write_text("not a database")
    with pytest.raises(UserError, match="cannot be opened"):
        explain(tmp_path / "broken.duckdb", "acme")


def test_explanation_is_json(explained_world):
    explanation = explain(explained_world, "acme", events=True)
    assert json.loads(json.dumps(explanation, allow_nan=False)) == explanation
    assert len(explanation["trend"]) == 90
    assert explanation["trend"][-1]["score_date"] == explanation["as_of_date"] == "2026-03-31"
    assert [band["category"] for band in explanation["bands"]] == ["Low", "Medium", "High"]
