"""What `explain` and the list of top accounts print, on the small world of explained_world."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from explained_world import ACCOUNTS, AS_OF, published_score
from rich.console import Console

from activity_score.explain import explain
from activity_score.report import print_explanation
from activity_score.report_top_accounts import print_top_accounts


def printed(show, width: int | None = None) -> str:
    """What a console writes into a pipe."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show(console)
    return console.file.getvalue()


@pytest.mark.parametrize("account", ["acme", "jump", "fading", "twin1"])
def test_printed_explanation_fits_100_columns_and_visibly_adds_up(explained_world, account):
    explanation = explain(explained_world, account, events=True)
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
def test_the_printed_change_adds_up_as_printed(explained_world, account, back):
    """Across and down, to the cent."""
    explanation = explain(explained_world, account, AS_OF - timedelta(days=back))
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


def test_printed_explanation_says_what_moved(explained_world):
    text = printed(lambda console: print_explanation(explain(explained_world, "jump"), console))
    assert "surging since 29 Mar" in text and "starts no route" not in text
    assert "What changed since 24 Mar   0.00 published then, 75.25 on 31 Mar; in score points" in text
    assert re.search(r"Form Signups +1 +\+55\.98 +- +- +-5\.98 +\+50\.00 *$", text, re.M)
    assert re.search(r"Active Developers +2 +\+10\.00 +- +- +- +\+10\.00 *$", text, re.M)
    assert re.search(r"Website +4 +- +-0\.02 +- +- +-0\.02 *$", text, re.M)
    assert re.search(r"Drawn anew +\+0\.04 *$", text, re.M)
    assert "Drawn anew: under today's data and settings 24 Mar stands at 0.04; the build that would tell why" in text
    assert re.search(r"Newly active: .*Lou \(first time here\)", text)
    assert "not add up" not in text
    wrong = explain(explained_world, "jump")
    wrong["sum"]["adds_up"] = False
    assert "does not add up" in printed(lambda console: print_explanation(wrong, console))


@pytest.mark.parametrize(
    ("cause", "words"),
    [("import", "made by an import"), ("identity", "made by people who were linked"), ("settings", "changed settings")],
)
def test_a_surge_that_is_no_activity_says_so(explained_world, cause, words):
    explanation = explain(explained_world, "jump")
    assert explanation["score"]["surge_cause"] == "activity"
    explanation["score"]["surge_cause"] = cause
    text = " ".join(printed(lambda console: print_explanation(explanation, console)).split())
    assert words in text and "so it starts no route" in text


def test_what_was_compared_with_the_earlier_build_is_said(explained_world):
    explanation = explain(explained_world, "jump")
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


def test_printed_top_accounts(explained_world):
    text = printed(lambda console: print_top_accounts(explained_world, console, limit=4))
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
    assert f"{explained_world}" in text and "use marts.marts" in text


def test_names_from_outside_cannot_write_to_the_terminal(explained_world):
    explanation = explain(explained_world, "jump", events=True)
    explanation["account"]["account_name"] = "[bold]Jump\x1b[2J"
    explanation["developers"][0]["display_name"] = explanation["events"][0]["display_name"] = "[/red]\x07Lou"
    text = printed(lambda console: print_explanation(explanation, console))
    assert "[bold]Jump [2J" in text and "[/red] Lou" in text
