"""Small worlds to build and score. A world is one tenant, so one build holds many of them.

A world's feed is text, as a CSV file has it: what the loader and staging make of it is under test, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import numpy as np

AS_OF = date(2026, 3, 17)
END_OF_LAST_MONTH = date(2026, 2, 28)  # the frozen day of an automatic calibration
TIMES = ("00:00:00", "09:00:00", "09:00:00", "09:00:00.250", "12:34:56.789", "17:05:00", "23:59:59.999")
OFFSETS = ("", "", "Z", "+00:00", "+02:00", "-05:30")
TITLES = ("", "Software Engineer", "VP Engineering", "Director", "Student", "CTO", "Poet")
TAGS = ("", "", "Champion", "Champion;Student", "Buyer", "Student", "buyer ; Nonsense")
Row = dict[str, str]


@dataclass
class World:
    """One tenant: its feed and the settings that are its own.

    Attributes:
        tenant_id: the tenant.
        activities, contacts, accounts: the feed, all values as text.
        tenant: the tenant's settings (profile, internal_domains, points per head, fall-back thresholds).
        models: its rows of `score_models`.
        aliases: its rows of `domain_aliases`; their domains belong to no other world.
    """

    tenant_id: str
    activities: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    tenant: Row = field(default_factory=dict)
    models: list[Row] = field(default_factory=list)
    aliases: list[Row] = field(default_factory=list)

    def renamed(self, tenant_id: str, change: Callable[[list[Row]], list[Row]] | None = None) -> World:
        """The same world as another tenant, its activities changed by `change`; the aliases are common to both."""
        activities = [dict(row) for row in self.activities]
        return replace(self, tenant_id=tenant_id, activities=change(activities) if change else activities, aliases=[])

    def pinned(self, account: float, developer: float, effective_from: date = AS_OF - timedelta(days=365)) -> World:
        """The same world with pinned thresholds."""
        return replace(self, models=[model_row("pinned-1", effective_from, account, developer)])


def model_row(version: str, effective_from: date, account: float, developer: float) -> Row:
    """A row of `score_models`, without its tenant."""
    return {
        "model_version": version, "effective_from": str(effective_from), "account_threshold": str(account),
        "developer_threshold": str(developer), "owner": "tests", "reason": "A world of the tests.",
    }  # fmt: skip


def feed_of(worlds: Iterable[World]) -> dict[str, list[Row]]:
    """The generic feed of several worlds."""
    tables: dict[str, list[Row]] = {"activities": [], "contacts": [], "accounts": []}
    for world in worlds:
        for name, rows in tables.items():
            rows += [{"tenant_id": world.tenant_id, **row} for row in getattr(world, name)]
    return tables


def seeds_of(worlds: Iterable[World]) -> dict[str, list[Row]]:
    """The seeds that several worlds need in place of the project's own."""
    base = {
        "profile": "enterprise", "internal_domains": "", "points_per_active_developer": "10",
        "fallback_account_threshold": "400", "fallback_developer_threshold": "100", "comment": "Tests.",
    }  # fmt: skip
    seeds: dict[str, list[Row]] = {
        "tenants": [{"tenant_id": "default", **base}],
        "score_models": [],
        "domain_aliases": [],
    }
    for world in worlds:
        if world.tenant:
            seeds["tenants"].append({"tenant_id": world.tenant_id, **base, **world.tenant})
        seeds["score_models"] += [{"tenant_id": world.tenant_id, **row} for row in world.models]
        seeds["domain_aliases"] += world.aliases
    return seeds


class RandomWorld:
    """Draws a world in which everything happens that the rules speak of.

    Args:
        tenant_id: the tenant; it also makes the world's domains and logins its own.
        seed: of the random numbers.
        activity_types: the types to draw from.
        as_of: the day around whose past the activities lie; a few come after it.
        companies: how many companies; people are about three a company.
        events: how many activities, bursts counted once.
        mean_age: how long ago they happened on average, in days.
    """

    def __init__(
        self,
        tenant_id: str,
        seed: int,
        activity_types: list[str],
        *,
        as_of: date = AS_OF,
        companies: int = 5,
        events: int = 120,
        mean_age: float = 25,
    ) -> None:
        self.random = np.random.default_rng(seed)
        self.tenant_id, self.as_of, self.mean_age = tenant_id, as_of, mean_age
        drawn = self.random.choice(sorted(activity_types), 12, replace=False)
        self.types = [*map(str, drawn), "intent_topic_surge", "ad_impression"]
        self.world = World(tenant_id)
        self.vendor = f"vendor-{tenant_id}.example"
        self.domains = [self.company(number) for number in range(companies)]
        self.people = [self.person(number) for number in range(3 * companies)]
        for _ in range(events):
            self.act()
        self.spoil()

    def chance(self, probability: float) -> bool:
        return bool(self.random.random() < probability)

    def pick(self, values):
        return values[int(self.random.integers(len(values)))]

    def day(self, back: int) -> date:
        return self.as_of - timedelta(days=int(back))

    def company(self, number: int) -> str:
        """A company, perhaps in the CRM, perhaps with a second domain or a former name."""
        ending = self.pick(["example", "example", "co.uk"])
        domain = f"c{number}-{self.tenant_id}.{ending}"
        if self.chance(0.6):
            other = f"alt{number}-{self.tenant_id}.example" if self.chance(0.5) else ""
            self.world.accounts.append({
                "account_domain": domain, "account_name": f"Company {number}", "other_domains": other,
            })  # fmt: skip
        if self.chance(0.4):
            self.world.aliases.append({
                "domain": f"old{number}-{self.tenant_id}.example",
                "alias_of": domain,
                "valid_from": str(self.day(self.random.integers(10, 80))) if self.chance(0.6) else "",
                "valid_to": str(self.day(self.random.integers(0, 9))) if self.chance(0.3) else "",
                "comment": "A former name.",
            })  # fmt: skip
        return domain

    def address(self, name: str, domain: str) -> str:
        """An address at a company, at times at a sub-domain, its second domain or its former one."""
        stem, _, rest = domain.partition(".")
        other = f"{self.pick(['alt', 'old'])}{stem[1:]}.example"
        return f"{name}@{self.pick([domain, domain, domain, f'eng.{stem}.{rest}', other])}"

    def person(self, number: int) -> dict:
        """A person: the identifiers by kind, and perhaps contact rows."""
        random, tenant = self.random, self.tenant_id
        name, domain = f"p{number}", self.domains[number % len(self.domains)]
        ids: dict[str, list[str]] = {
            "email": [self.address(name, domain)],
            "github_login": [f"{name}-{tenant}"],
            "user_id": [f"u{number}"],
            "anonymous_id": [f"device-{number}-{k}" for k in range(int(random.integers(1, 4)))],
        }
        role = random.random()
        if role < 0.05:
            ids["github_login"] = [f"{name}-{tenant}-bot"]
        elif role < 0.10:
            ids["email"].append(f"{name}@{self.vendor}")
        elif role < 0.20:
            ids["email"] = [f"{name}.{tenant}@gmail.com"]
        elif role < 0.25:
            ids["email"] = [f"{number}+{name}-{tenant}@users.noreply.github.com"]
        elif role < 0.30:
            ids["email"] = [f"hash{number}"]
        elif role < 0.40:
            ids["email"].append(self.address(f"{name}.new", self.pick(self.domains)))
        if self.chance(0.15):
            ids["email"].append(f"info@{domain}")
        if self.chance(0.10):
            ids["email"].append(f"noreply@{domain}")
        if self.chance(0.10):
            ids["user_id"].append("null")
        if self.chance(0.5):
            self.contact(number, ids, domain)
        return {"ids": ids, "domain": domain}

    def contact(self, number: int, ids: dict[str, list[str]], domain: str) -> None:
        """One to three contact rows: jobs and titles over time."""
        days = sorted(self.random.choice(np.arange(-3, 120), int(self.random.integers(1, 4)), replace=False))[::-1]
        opted_out = self.chance(0.06)
        for position, back in enumerate(days):
            always = position == 0 and self.chance(0.4)
            self.world.contacts.append({
                "email": self.pick(ids["email"]) if self.chance(0.7) else "",
                "github_login": self.pick(ids["github_login"]),
                "user_id": self.pick(ids["user_id"]) if self.chance(0.4) else "",
                "account_domain": self.pick([domain, "", self.pick(self.domains)]),
                "full_name": f"Person {number}",
                "job_title": self.pick(TITLES),
                "developer_tags": self.pick(TAGS),
                "opted_out": "true" if opted_out and position == 0 else self.pick(["", "false"]),
                "valid_from": "" if always else str(self.day(back)),
            })  # fmt: skip

    def act(self) -> None:
        """One activity, or a burst of them on one day."""
        random = self.random
        edges = [0, 6, 7, 28, 29, 30, 89, 90, -1, -2, 29, 30]
        back = self.pick(edges) if self.chance(0.2) else min(int(random.exponential(self.mean_age)), 130)
        moment = datetime.fromisoformat(f"{self.day(back)}T{self.pick(TIMES)}")
        row = {**self.who(), **self.where(), "activity_type": self.pick(self.types)}
        for _ in range(int(random.integers(2, 7)) if self.chance(0.15) else 1):
            self.add(row, moment if self.chance(0.5) else moment.replace(hour=int(random.integers(24))))

    def who(self) -> Row:
        """Some of a person's identifiers, or none."""
        person = self.pick(self.people)
        kinds = [kind for kind in person["ids"] if self.chance(0.4)]
        return {} if self.chance(0.08) else {kind: self.pick(person["ids"][kind]) for kind in kinds}

    def where(self) -> Row:
        """At times the record names the company."""
        unlisted = [f"www.{self.domains[0]}", f"stranger-{self.tenant_id}.example", self.pick(["gmail.com", "co.uk"])]
        domain = self.pick([*self.domains, *self.domains, *unlisted])
        domain = self.vendor if self.chance(0.03) else domain
        return {"account_domain": domain.upper() if self.chance(0.1) else domain} if self.chance(0.4) else {}

    def add(self, row: Row, moment: datetime) -> None:
        """Write an activity down, in one of the ways in which feeds write things."""
        random, offset = self.random, self.pick(OFFSETS)
        local = moment
        if offset[:1] in ("+", "-"):
            sign = 1 if offset[0] == "+" else -1
            local = moment + sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
        loaded = moment + timedelta(hours=float(random.integers(0, 200)))
        self.world.activities.append({
            "activity_id": f"a{len(self.world.activities):05d}",
            "occurred_at": local.isoformat(sep=self.pick("T ")) + offset,
            "count": self.pick(["2", "3", "5", "9", "40"]) if self.chance(0.12) else self.pick(["", "1"]),
            "is_bot": "true" if self.chance(0.02) else self.pick(["", "", "false"]),
            "loaded_at": loaded.isoformat() if self.chance(0.6) else "",
            **row,
        })  # fmt: skip

    def spoil(self) -> None:
        """Repeats, unknown types, and records that nobody can read."""
        rows = self.world.activities
        for row in [dict(row) for row in rows]:
            luck = self.random.random()
            if luck < 0.03:
                rows.append(dict(row))
            elif luck < 0.06:
                later = str(self.as_of + timedelta(days=30)) if self.chance(0.7) else "2020-01-01"
                stranger = {"anonymous_id": "of-a-repeat"} if self.chance(0.3) else {}
                moved = {"occurred_at": str(self.day(self.random.integers(-2, 40)))} if self.chance(0.3) else {}
                kind = self.pick(self.types)
                rows.append({**row, "loaded_at": later, "activity_type": kind, "count": "2", **stranger, **moved})
            elif luck < 0.08:
                rows.append({**row, "activity_id": row["activity_id"] + "x", "activity_type": "no_such_type"})
            elif luck < 0.10:
                rows.append({**row, **self.pick([{"occurred_at": "yesterday"}, {"activity_id": ""}, {"count": "0"}])})
        self.random.shuffle(rows)


def random_worlds(activity_types: list[str], first_seed: int, number: int, as_of: date = AS_OF) -> list[World]:
    """A number of random worlds; profiles, points per head and thresholds differ from world to world."""
    worlds = []
    for seed in range(first_seed, first_seed + number):
        random = np.random.default_rng([seed, 1])
        calibrated = seed % 4 == 0
        draw = RandomWorld(
            f"w{seed}", seed, activity_types, as_of=as_of, companies=28 if calibrated else int(random.integers(2, 7)),
            events=260 if calibrated else int(random.integers(40, 160)), mean_age=4 if seed % 8 == 4 else 25,
        )  # fmt: skip
        world = draw.world
        if seed % 5 != 1:
            world.tenant = {
                "profile": "fast" if seed % 3 == 0 else "enterprise",
                "internal_domains": f"{draw.vendor};else-{draw.vendor}",
                "points_per_active_developer": str(random.choice([0, 2.5, 10])),
                "fallback_account_threshold": str(random.choice([50, 123.4])),
                "fallback_developer_threshold": "33.3",
            }
        if not calibrated and seed % 4 != 3:
            now = ("now", 40, random.choice([20.0, 60.0, 150.5]), 25.0)
            pins = (("old", 200, 77.0, 31.0), now, ("later", -10, 44.0, 11.0))
            world.models = [model_row(name, draw.day(back), account, dev) for name, back, account, dev in pins]
        worlds.append(world)
    return worlds
