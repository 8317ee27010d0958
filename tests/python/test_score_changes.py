"""Why a score is not what was published seven days ago: two builds, the later with more data and other settings.

Everything is held against docs/explain.md: the parts add up, the mart and `explain` agree, and what made a surge.
"""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest
from harness import ROOT, Project, Rows, Tables
from rich.console import Console
from worlds import AS_OF, World, feed_of, random_worlds, seeds_of
from worlds_by_hand import patched
from worlds_of_a_week import Week, restated, story, surges

from activity_score.explain import explain
from activity_score.project import Warehouse
from activity_score.publish import Build, published_builds
from activity_score.report import print_explanation

WEEK_AGO = AS_OF - timedelta(days=7)
COMPARED = ("late_activity", "developers_moved", "settings_changed")
BY_HAND = [story(), *surges()]
RESTATED = restated()
SURGE_RULES = {"bulk_times_usual": {"value": "3"}, "bulk_min_records": {"value": "12"}}
# What changes between the two builds, in nothing that the worlds made by hand are scored by.
THEIR_SOURCES = ("forms", "github", "website", "documentation", "telemetry", "active_developers")
OTHER_SOURCES = {
    "community": {"half_life_days": "5", "max_threshold_share": "0.2"},
    "product_usage": {"half_life_days": "30"},
    "meetings": {"half_life_days": "9"},
}
OTHER_TAGS = {"Champion": {"role_weight": "1.75"}, "Student": {"role_weight": "0.25"}}


@dataclass
class TwoBuilds:
    """What the two builds published."""

    tables: Tables
    earlier_tables: Tables
    builds: list[Build]

    @property
    def accounts(self) -> Rows:
        return self.tables.rows("accounts")

    def account(self, tenant_id: str, domain: str) -> dict:
        found = [row for row in self.accounts if (row["tenant_id"], row["account_domain"]) == (tenant_id, domain)]
        assert len(found) == 1
        return found[0]

    def parts(self) -> dict[str, dict[tuple[str, str | None], float]]:
        """The mart's points by account, component and source."""
        found: dict[str, dict] = defaultdict(dict)
        for row in self.tables.rows("account_score_changes"):
            found[row["account_id"]][row["component"], row["source"]] = row["points"]
        return found

    def explained(self, account: dict) -> dict:
        """What `explain` says of the seven days."""
        marts = self.builds[-1].marts
        return explain(marts, account["account_id"], builds=self.builds)["last_7_days"]


@pytest.fixture(scope="module")
def two(tmp_path_factory, activity_types) -> TwoBuilds:
    """Random worlds and those made by hand; a week ago the build knew less, and its settings were others."""
    random = np.random.default_rng(17)
    worlds = random_worlds(activity_types, 500, 8)
    by_hand = [*BY_HAND, *RESTATED]
    now = [week.now for week in by_hand] + worlds
    then = [week.then for week in by_hand] + [known_then(world, random) for world in worlds]
    project = Project(tmp_path_factory.mktemp("week"), seeds_of(now))
    change(project, "surge_rules", "rule", SURGE_RULES)
    project.write(feed_of(then))
    earlier = project.build(WEEK_AGO)
    change(project, "activity_types", "activity_type", other_types(project, random))
    change(project, "sources", "source", OTHER_SOURCES)
    change(project, "developer_tags", "developer_tag", OTHER_TAGS)
    project.write(feed_of(now))
    return TwoBuilds(project.build(AS_OF), earlier, published_builds(Warehouse(project.warehouse)))


def known_then(world: World, random: np.random.Generator) -> World:
    """A world as the earlier build knew it: three activities in ten and a third of the contacts were not there."""
    unknown = tuple({row["activity_id"] for row in world.activities if random.random() < 0.3})
    contacts = [row for row in world.contacts if random.random() < 0.67]
    return replace(Week(world, unknown).then, contacts=contacts)


def read_seed(project: Project, name: str) -> Rows:
    with (project.root / "seeds" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def change(project: Project, seed: str, key: str, changes: dict[str, dict[str, str]]) -> None:
    """Change some rows of a seed in the project's copy."""
    project.write_seeds({seed: patched(read_seed(project, seed), key, changes)})


def other_types(project: Project, random: np.random.Generator) -> dict[str, dict[str, str]]:
    """Other weights and caps of the types that the worlds made by hand do not have."""
    return {
        row["activity_type"]: {"weight": f"{random.uniform(0, 9):.2f}", "daily_cap": str(random.integers(1, 5))}
        for row in read_seed(project, "activity_types")
        if row["source"] not in THEIR_SOURCES
    }


def published_then(two: TwoBuilds) -> dict[str, float]:
    return {row["account_id"]: float(row["activity_score"]) for row in two.earlier_tables.rows("accounts")}


def test_the_mart_adds_up_to_the_change_against_what_was_published(two):
    then, parts = published_then(two), two.parts()
    restated = 0
    for account in two.accounts:
        points = parts[account["account_id"]]
        change = float(account["activity_score"]) - then.get(account["account_id"], 0.0)
        assert math.fsum(points.values()) == pytest.approx(change, abs=1e-9)
        without = math.fsum(value for (component, _), value in points.items() if component != "restated")
        assert without == pytest.approx(float(account["score_change_7d"]), abs=1e-9)
        restated += ("restated", None) in points
    assert restated > 20


def test_explain_adds_up_and_agrees_with_the_mart(two):
    then, parts = published_then(two), two.parts()
    moved = dict.fromkeys(COMPARED, 0)
    for account in two.accounts:
        week, mart = two.explained(account), parts[account["account_id"]]
        assert week["was_published"] and week["score_from"] == then.get(account["account_id"], 0.0)
        assert week["score_to"] == float(account["activity_score"])
        assert math.fsum(week["parts"].values()) == pytest.approx(week["score_to"] - week["score_from"], abs=1e-9)
        assert week["restatement"]["build_id"] == two.builds[0].id
        for source in week["sources"]:
            for part in set(source) & {component for component, _ in mart}:
                assert source[part] == pytest.approx(mart.get((part, source["source"]), 0.0), abs=1e-9)
        assert week["parts"]["score_limit"] == pytest.approx(mart.get(("score_limit", None), 0.0), abs=1e-9)
        compared = math.fsum(week["parts"][part] for part in COMPARED)
        assert compared == pytest.approx(mart.get(("restated", None), 0.0), abs=0.0101)  # twice rounded
        assert abs(week["parts"]["rounding"]) <= 0.0100001
        for part in COMPARED:
            moved[part] += abs(week["parts"][part]) > 0.01
    assert min(moved.values()) > 5, moved


def test_what_did_not_change_since_is_not_restated(two):
    """The surging worlds made by hand hardly had anything a week ago, and no setting of theirs changed."""
    week = two.explained(two.account("fresh", "fresh.example"))
    assert [week["parts"][part] for part in COMPARED] == [0, 0, 0]
    assert week["restatement"]["settings"] == []


@pytest.mark.parametrize("case", RESTATED, ids=lambda case: case.now.tenant_id)
def test_each_reason_has_its_part(two, case):
    """Late activity, developers moved and settings changed are not mistaken for each other."""
    name = case.now.tenant_id
    week = two.explained(two.account(name, f"{name}.example"))
    expected = {**dict.fromkeys(COMPARED, 0.0), case.part: case.points}
    assert {part: week["parts"][part] for part in COMPARED} == pytest.approx(expected, abs=1e-9)
    compared = week["restatement"]
    counts = [compared[count] for count in ("late_activities", "removed_activities", "moved_in", "moved_out")]
    assert counts == list(case.counts)
    assert [setting["key"] for setting in compared["settings"]] == (["Champion"] if name == "reweighed" else [])


def test_the_story_of_a_week_number_by_number(two):
    """The example of docs/explain.md; the sums are in the docstring of `worlds_of_a_week.story`."""
    account = two.account("story", "harbor.example")
    week = two.explained(account)
    assert (week["score_from"], week["score_from_today"], week["score_to"]) == (13.87, 63.79, 100.0)
    demo, call = 80 * 2 ** (-83 / 21), 80 * 2 ** (-3 / 21)
    copies, issues, pricing = 12 * 2 ** (-2 / 10), 9.0, 0.5
    beats = sum(10 * 2 ** (-back / 10) for back in range(4))
    known, late, moved = demo + issues + pricing + 20, copies, call + 10
    forms = 160 + call * 2 ** (-7 / 21)
    counted = 120 + issues * 2**-0.5 + 16 + pricing / 2 + copies * 2**-0.7 + beats + 30
    expected = {
        "new_activity": (160 + 16 + beats) / 2,
        "decay": -(call * (1 - 2 ** (-7 / 21)) + issues * (1 - 2**-0.5) + pricing / 2 + copies * (1 - 2**-0.7)) / 2,
        "left_window": -demo / 2,
        "developers_joined": 5.0,
        "developers_left": -5.0,
        "source_cap": -(forms - 120) / 2,
        "score_limit": 100 - counted / 2,
        "late_activity": late / 2.5,
        "developers_moved": moved / 2.5,
        "settings_changed": (known + late + moved) / 2 - (known + late + moved) / 2.5,
        "rounding": known / 2.5 - 13.87,
    }
    assert week["parts"] == pytest.approx(expected, abs=1e-9)
    assert set(week["parts"]) == set(expected) and 0 not in expected.values()  # nothing that can happen is missing
    compared = week["restatement"]
    counts = [compared[name] for name in ("late_activities", "removed_activities", "moved_in", "moved_out")]
    assert counts == [3, 0, 1, 0]
    assert compared["settings"] == [{"setting": "account_threshold", "key": None, "before": "250.0", "after": "200.0"}]
    assert [person["display_name"] for person in week["newly_active_developers"]] == ["ben@harbor.example"]


def test_the_story_as_it_is_printed(two):
    """docs/explain.md shows it line by line."""
    console = Console(file=io.StringIO(), color_system=None)
    marts = two.builds[-1].marts
    print_explanation(explain(marts, "harbor.example", tenant="story", builds=two.builds), console)
    printed = console.file.getvalue()
    story = printed[printed.index("What changed since") :]
    shown = (ROOT / "docs" / "explain.md").read_text(encoding="utf-8").split("```")[1]
    assert [line.rstrip() for line in story.splitlines()] == shown.splitlines()[1:]


def test_a_build_that_is_not_kept_cannot_tell_why(two):
    account = two.account("story", "harbor.example")
    week = explain(two.builds[-1].marts, account["account_id"], builds=two.builds[1:])["last_7_days"]
    assert week["restatement"] is None and not set(COMPARED) & set(week["parts"])
    assert week["parts"]["restated"] == pytest.approx(63.79 - 13.87, abs=1e-9)
    assert math.fsum(week["parts"].values()) == pytest.approx(100 - 13.87, abs=1e-9)


@pytest.mark.parametrize("week", [week for week in BY_HAND if week.surge_cause], ids=lambda week: week.now.tenant_id)
def test_what_made_a_surge(two, week):
    account = two.account(week.now.tenant_id, f"{week.now.tenant_id}.example")
    assert account["has_activity_surge"]
    assert account["surge_cause"] == week.surge_cause


def test_no_surge_no_cause(two):
    causes = {(row["has_activity_surge"], row["surge_cause"]) for row in two.accounts}
    assert (False, None) in causes
    assert {cause for has_surge, cause in causes if has_surge} == {"activity", "import", "identity", "settings"}
    assert {cause for has_surge, cause in causes if not has_surge} == {None}
