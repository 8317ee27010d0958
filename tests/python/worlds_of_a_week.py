"""Worlds of which a build seven days before the as-of day knows less than today's, and under other settings.

Each is a tenant of its own. `then` is the world as the earlier build knew it, `now` as today's does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from worlds import AS_OF, Row, World, model_row
from worlds_by_hand import at, numbered

LONG_AGO = AS_OF - timedelta(days=365)
DEMO, CALL = {"activity_type": "demo_requested"}, {"activity_type": "contact_sales_submitted"}
ISSUE, COPY = {"activity_type": "github_issue_opened"}, {"activity_type": "docs_code_copied"}
PRICING, BEAT = {"activity_type": "pricing_page_view"}, {"activity_type": "telemetry_heartbeat"}


@dataclass
class Week:
    """One world at two times.

    Attributes:
        now: what today's build knows.
        unknown: ids of the activities that the earlier build did not have, beside those of the week.
        has_new_contacts: whether the contacts have come since.
        surge_cause: what the account's surge is made of; None without one.
    """

    now: World
    unknown: tuple[str, ...] = ()
    has_new_contacts: bool = False
    surge_cause: str | None = None

    @property
    def then(self) -> World:
        """What the earlier build knew."""
        last = str(AS_OF - timedelta(days=7))
        known = [
            row
            for row in self.now.activities
            if row["occurred_at"][:10] <= last and row["activity_id"] not in self.unknown
        ]
        return replace(self.now, activities=known, contacts=[] if self.has_new_contacts else self.now.contacts)


def story() -> Week:
    """The example of docs/explain.md: Harbor, in which everything happens at once.

    T is 250 until the model version of three days ago, which has 200; a developer counts 10. Days ago, of AS_OF:

    who (what came since)       days ago  what                        points a week ago          points now
    Ana                            90     1 demo request (21)    80 * 2^-(83/21) =  5.1678    too old: 0
    Ana                            21     2 issues opened (14)   18 * 2^-(14/14) =  9             6.3640
    Cid                            35     1 pricing view (7)      8 * 2^-(28/7)  =  0.5           0.25
    Ana (arrived late)              9     3 copies of code (10)  12 * 2^-(2/10)  = 10.4466        6.4306
    Dee (contact since: Harbor)    10     1 call to sales (21)   80 * 2^-(3/21)  = 72.4579       57.5099
    Ben                             0     demo, call to sales                                   160
    Ben                             0     2 pricing views                                        16
    (nobody)                   0, 1, 2, 3 20 heartbeats each (10)                                36.1584

    Published a week ago: 5.1678 + 9 + 0.5 and two developers, Ana and Cid, under T = 250:
                                      34.6678 / 250 = 13.8671, published as 13.87
    with what arrived late            45.1144 / 250 = 18.0458
    with Dee's call, and Dee         127.5723 / 250 = 51.0289
    under T = 200                    127.5723 / 200 = 63.7861

    Since then, in points, of which two are a score point now: new 160, 16 and 36.1584; Ben joined, Cid left; faded
    14.9480 (Dee's call), 2.6360, 0.25 and 4.0160; too old 5.1678. Forms stand at 217.5099, of which the cap of
    0.6 * 200 lets 120 count: 97.5099 lost. What counts is 120 + 6.3640 + 16.25 + 6.4306 + 36.1584 + 30 = 215.2030,
    which is 107.6015 score points: 7.6015 above 100.
    """
    ana, ben, cid = ({"email": f"{name}@harbor.example"} for name in ("ana", "ben", "cid"))
    dee = {"email": "dee.harbor@gmail.com"}
    harbor = {"account_domain": "harbor.example"}
    rows = [
        {**ana, **DEMO, "occurred_at": at(90)},
        *({**ana, **ISSUE, "occurred_at": at(21, f"1{hour}:00:00")} for hour in range(2)),
        {**cid, **PRICING, "occurred_at": at(35)},
        *({**ana, **COPY, "occurred_at": at(9, f"1{hour}:00:00"), "loaded_at": at(1)} for hour in range(3)),
        {**dee, **CALL, "occurred_at": at(10)},
        {**ben, **DEMO, "occurred_at": at(0, "09:00:00")},
        {**ben, **CALL, "occurred_at": at(0, "09:10:00")},
        *({**ben, **PRICING, "occurred_at": at(0, f"1{hour}:00:00")} for hour in range(2)),
        *({**harbor, **BEAT, "count": "20", "occurred_at": at(back)} for back in range(4)),
    ]
    world = World(
        "story",
        activities=numbered(rows),
        contacts=[{**dee, **harbor, "full_name": "Dee Doe"}],
        accounts=[{**harbor, "account_name": "Harbor"}],
        models=[model_row("v1", LONG_AGO, 250, 100), model_row("v2", AS_OF - timedelta(days=3), 200, 100)],
    )
    return Week(world, unknown=("a0004", "a0005", "a0006"), has_new_contacts=True)


def jump(name: str, rows: list[Row], surge_cause: str, **more) -> Week:
    """An account at `<name>.example` that surges; T = 100, forms stop at 60, a developer counts 10."""
    contacts, models = more.pop("contacts", []), more.pop("models", [model_row("v1", LONG_AGO, 100, 100)])
    accounts = [{"account_domain": f"{name}.example"}]  # so that the earlier build knows the tenant
    world = World(name, activities=numbered(rows), contacts=contacts, accounts=accounts, models=models)
    return Week(world, surge_cause=surge_cause, **more)


def two_forms(who: Row, days_ago: int, **loaded: str) -> list[Row]:
    """A demo and a call to sales: 60 points after the cap."""
    return [{**who, **act, "occurred_at": at(days_ago), **loaded} for act in (DEMO, CALL)]


def surges() -> list[Week]:
    """One surge of every kind."""
    fay, gus, kim = ({"email": f"{name}.of.a.week@gmail.com"} for name in ("fay", "gus", "kim"))
    earlier = [{**BEAT, "account_domain": "bulk.example", "occurred_at": at(back)} for back in (20, 15, 2)]
    upload = {"occurred_at": at(0), "loaded_at": at(0, "18:00:00"), "account_domain": "bulk.example"}
    return [
        jump("fresh", two_forms({"email": "ann@fresh.example"}, 2), "activity"),
        jump("in-time", two_forms({"email": "ann@in-time.example"}, 5, loaded_at=at(2)), "activity"),
        jump("imported", two_forms({"email": "ann@imported.example"}, 5, loaded_at=at(1)), "import"),
        jump(
            "bulk", [*earlier, *two_forms(upload, 0, **upload), *({**upload, **PRICING} for _ in range(10))], "import"
        ),
        jump(
            "recognised",
            [
                *two_forms({"anonymous_id": "laptop"}, 4),
                {"anonymous_id": "laptop", "email": "eve@recognised.example", **COPY, "occurred_at": at(0)},
            ],
            "identity",
        ),
        jump(
            "linked",
            [{**fay, **COPY, "occurred_at": at(20)}, *two_forms(fay, 3)],
            "identity",
            contacts=[{**fay, "account_domain": "linked.example"}],
            has_new_contacts=True,
        ),
        jump(
            "newcomer",
            two_forms(gus, 3),
            "activity",
            contacts=[{**gus, "account_domain": "newcomer.example"}],
            has_new_contacts=True,
        ),
        jump(
            "always-there",
            [{**kim, **COPY, "occurred_at": at(20)}, *two_forms(kim, 3)],
            "activity",
            contacts=[{**kim, "account_domain": "always-there.example"}],
        ),
        jump(
            "lowered",
            [
                {"email": f"{name}@lowered.example", **ISSUE, "occurred_at": at(0, f"1{hour}:00:00")}
                for name in ("ann", "bob")
                for hour in range(3)
            ],
            "settings",
            models=[model_row("v1", LONG_AGO, 200, 100), model_row("v2", AS_OF - timedelta(days=1), 100, 100)],
        ),
    ]


COPIES = 12 * 2 ** (-2 / 10)  # three copies of code, as they count two days later


@dataclass
class Restated:
    """An account of which one thing about the time up to a week ago has changed since. T = 100, a developer counts 10.

    Attributes:
        then, now: what the two builds know.
        part: the only part of the restatement that is not 0.
        points: its value.
        counts: activities that arrived, vanished, came to the account and left it.
    """

    then: World
    now: World
    part: str
    points: float
    counts: tuple[int, int, int, int]


def restated() -> list[Restated]:
    """One thing that changes the past in each: three copies of code by Ann, two days before the earlier build."""

    def world(name: str, **changes) -> World:
        ann = {"email": f"ann@{name}.example"}
        rows = numbered([{**ann, **COPY, "occurred_at": at(9, f"1{hour}:00:00")} for hour in range(3)])
        found = World(name, rows, models=[model_row("v1", LONG_AGO, 100, 100)])
        found.accounts = [{"account_domain": f"{name}.example"}]
        return replace(found, **changes)

    def contact(name: str, **values: str) -> list[Row]:
        return [{"email": f"ann@{name}.example", **values}]

    def hers(domain: str) -> World:
        ann = {"email": "ann.left@gmail.com"}
        rows = [{**row, **ann} for row in world("left").activities]
        return world("left", activities=rows, contacts=[{**ann, "account_domain": domain}])

    _, *others = world("withdrawn").activities
    retyped, *as_before = world("retyped").activities
    champion = contact("reweighed", developer_tags="Champion")
    return [
        Restated(
            world("promoted"), world("promoted", contacts=contact("promoted", job_title="VP Engineering")),
            "developers_moved", COPIES / 2, (0, 0, 0, 0),
        ),
        Restated(
            world("reweighed", contacts=champion), world("reweighed", contacts=champion),
            "settings_changed", COPIES / 2, (0, 0, 0, 0),
        ),
        Restated(
            world("withdrawn"), world("withdrawn", activities=others), "late_activity", -COPIES / 3, (0, 1, 0, 0)
        ),
        Restated(
            world("retyped"),
            world("retyped", activities=[{**retyped, "activity_type": "docs_page_view"}, *as_before]),
            "late_activity", -COPIES / 4, (0, 0, 0, 0),
        ),
        Restated(hers("left.example"), hers("elsewhere.example"), "developers_moved", -COPIES - 10, (0, 0, 0, 3)),
    ]  # fmt: skip
