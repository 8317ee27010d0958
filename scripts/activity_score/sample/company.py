"""The accounts of the sample company and the people who work there."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from activity_score.sample.days import DAYS, on
from activity_score.sample.names import ADJECTIVES, COMPANY_SUFFIXES, NOUNS
from activity_score.sample.people import FREE_MAIL_HOSTS, Person, Registry
from activity_score.sample.stories import EVERYDAY, STAFF, STORIES, Story

SEED = "northwind-build"
EVERYDAY_ACCOUNTS = 280
FREE_MAIL_SHARE = 0.03  # of the people of everyday accounts

# Hours ahead of UTC where the people of a country work; the whole half year counts as winter.
OFFSETS = {"US": (-8, -5), "CA": (-8, -5), "UK": (0, 0), "DE": (1, 1), "NL": (1, 1), "SE": (1, 1), "IN": (5, 5),
           "AU": (10, 10), "BR": (-3, -3), "JP": (9, 9)}  # fmt: skip
COUNTRIES = ["US"] * 9 + ["UK"] * 3 + ["DE"] * 3 + ["IN"] * 2 + ["CA", "NL", "SE", "AU", "BR", "JP"]
INDUSTRIES = ["Software", "Financial services", "Health care", "Logistics", "Games", "Energy", "Retail", "Robotics"]


@dataclass
class Account:
    """One account at work: its story, its people and, for quick draws, their running weights.

    Attributes:
        story: what it does over the half year.
        industry: as the CRM has it.
        people: sorted by the day they arrive.
        rng: the account's own random numbers, so that a change of one story moves no other.
    """

    story: Story
    industry: str
    people: list[Person]
    rng: Random
    _arrivals: list[int] = field(default_factory=list)
    _running_weights: list[float] = field(default_factory=list)

    def open(self) -> None:
        """Sort the people and sum their weights; call again after adding people."""
        self.people.sort(key=lambda person: person.arrives)
        self._arrivals = [person.arrives for person in self.people]
        self._running_weights = list(accumulate(person.weight for person in self.people))

    def someone(self, day: int) -> Person | None:
        """One of the people who work here on a day, drawn by how active each is; None if nobody is there yet."""
        arrived = bisect_right(self._arrivals, day)
        if not arrived:
            return None
        pick = self.rng.random() * self._running_weights[arrived - 1]
        person = self.people[bisect_right(self._running_weights, pick, 0, arrived - 1)]
        return person if day < person.leaves else None

    def host_on(self, day: int) -> str:
        """The account's domain on a day: a renamed company had another one before."""
        return self.story.former_domain if day < self.story.renamed_on else self.story.domain

    def address(self, person: Person, day: int) -> str:
        """A person's e-mail address on a day: it changed with the company's name."""
        if day < self.story.renamed_on:
            return person.email.replace(self.story.domain, self.story.former_domain)
        return person.email


def everyday_stories(rng: Random) -> list[Story]:
    """The accounts without a name in the story: heavy-tailed in size, each on one of the everyday curves."""
    names = [(adjective, noun) for adjective in ADJECTIVES for noun in NOUNS]
    curves = list(EVERYDAY.values())
    stories = []
    for adjective, noun in rng.sample(names, EVERYDAY_ACCOUNTS):
        level = min(rng.lognormvariate(-1.1, 1.15), 6.0)
        _, curve = rng.choices(curves, [common for common, _ in curves])[0]
        stage = rng.choices(["Customer", "In Pipeline", "Prospect", ""], [3, 1, 5, 2])[0]
        mix = "builds" if stage == "Customer" else rng.choices(["evaluates", "open source", "reads"], [5, 2, 3])[0]
        stories.append(
            Story(
                domain=f"{adjective}{noun}.example",
                name=f"{adjective.title()} {noun.title()} {rng.choice(COMPANY_SUFFIXES)}",
                stage=stage,
                mix=mix,
                people=min(2 + int(level * rng.uniform(5, 28)), 120),
                curve=tuple((day, level * height) for day, height in curve),
                shows="",
                country=rng.choice(COUNTRIES),
                in_crm=rng.random() < 0.88,
                has_buyer=rng.random() < 0.25,
                telemetry=int(rng.uniform(5, 60) * level) if stage == "Customer" else 0,
            )
        )
    return stories


def staffed(story: Story, registry: Registry) -> Account:
    """An account with its people hired."""
    rng = Random(f"{SEED}:{story.domain}")
    hosts = story.mail_hosts or (story.domain,)
    people = []
    for place in range(story.people):
        new = rng.random() < 0.45 if story.newcomers_from is None else place > 0
        traits: dict[str, object] = {"arrives": rng.randrange(story.newcomers_from or 1, DAYS) if new else 0}
        if story.newcomers_from is not None and new:
            traits["arrives"] = story.newcomers_from + place % 4
        host = "gmail.com" if not story.shows and rng.random() < FREE_MAIL_SHARE else rng.choice(hosts)
        if host in FREE_MAIL_HOSTS:
            traits |= {"in_contacts": True, "arrives": 0}  # nothing else says where they work
        if place == 1 and story.has_buyer:
            title = rng.choice(["VP Engineering", "CTO"])
            traits |= {"tags": "Buyer", "title": title, "in_contacts": True, "weight": 6.0}
        people.append(registry.hire(rng, host, rng.randint(*OFFSETS[story.country]), **traits))
    if story.top_share and people:
        others = sum(person.weight for person in people[1:])
        people[0].weight, people[0].arrives = others * story.top_share / (1 - story.top_share), 0
    account = Account(story, rng.choice(INDUSTRIES), people, rng)
    account.open()
    return account


def change_jobs(accounts: dict[str, Account], registry: Registry) -> list[tuple[Person, Person, int]]:
    """Six people of named accounts move to another one: (as they were, as they are, day of the move)."""
    moves = []
    routes = [
        ("larkspur-health.example", "tidewater-robotics.example", on(4, 13)),
        ("ironquill.example", "meridian-freight.example", on(5, 11)),
        ("hollowpine.example", "velvetfox.example", on(3, 2)),
        ("saltmarsh.example", "quarrystreet.example", on(2, 16)),
        ("cedarbank.example", "saltmarsh.example", on(5, 4)),
        ("larkspur-health.example", "granitepeak-cloud.example", on(5, 18)),
    ]
    for old, new, day in routes:
        before = next(person for person in accounts[old].people if person.arrives == 0 and person.leaves > DAYS)
        before.leaves, before.in_contacts, before.weight = day, True, 8.0
        after = registry.hire(accounts[new].rng, new, before.offset, arrives=day, weight=8.0, in_contacts=True)
        for same in ("name", "user_id", "anonymous_id", "login", "title"):
            setattr(after, same, getattr(before, same))
        accounts[new].people.append(after)
        accounts[old].open()
        accounts[new].open()
        moves.append((before, after, day))
    return moves


def found_company() -> tuple[dict[str, Account], Account, list[tuple[Person, Person, int]]]:
    """All accounts by domain, the company's own staff, and those who changed jobs."""
    registry = Registry()
    stories = STORIES + everyday_stories(Random(f"{SEED}:accounts"))
    accounts = {story.domain: staffed(story, registry) for story in stories}
    moves = change_jobs(accounts, registry)
    everyday = [account for account in accounts.values() if not account.story.shows]  # the named stories stay as told
    crowd = [person for account in everyday for person in account.people if person.in_contacts and person.weight < 4]
    for person in Random(f"{SEED}:opted out").sample(crowd, 14):
        person.opted_out = True
    return accounts, staffed(STAFF, registry), moves
