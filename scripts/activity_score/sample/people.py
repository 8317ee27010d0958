"""People: invented names, jobs, and the identifiers each of them leaves in the feeds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from activity_score.sample.names import FIRST_NAMES, LAST_NAMES

FREE_MAIL_HOSTS = {"gmail.com", "outlook.com", "gmx.de"}

ENGINEERS = [
    "Software Engineer", "Senior Software Engineer", "Backend Developer", "DevOps Engineer", "Staff Engineer",
    "Build Engineer", "Platform Engineer", "Site Reliability Engineer", "Software Architect", "Engineering Manager",
]  # fmt: skip
LEADERS = ["Director of Engineering", "Director of Developer Productivity", "VP Engineering", "CTO", "Head of Platform"]
OTHERS = ["Product Manager", "Security Analyst", "Procurement Manager", "Technical Writer", "Data Scientist"]


@dataclass
class Person:
    """One developer, or other person, and the identifiers seen of them.

    Attributes:
        number: unique in the sample; all identifiers are made from it.
        name: full name.
        email: address at work, or the free-mail address they are known by.
        user_id: id of their user of the product.
        anonymous_id: id of their browser.
        login: GitHub login.
        title: job title.
        offset: hours their clock is ahead of UTC.
        weight: how active they are among their colleagues.
        arrives: first day on which they do anything; 0: known before the half year began.
        leaves: first day on which they no longer work there.
        in_contacts: whether contacts.csv has them.
        opted_out: whether they asked not to be tracked.
        tags: developer tags of their contact, `;` between.
    """

    number: int
    name: str
    email: str
    user_id: str
    anonymous_id: str
    login: str
    title: str
    offset: int
    weight: float
    arrives: int = 0
    leaves: int = 10_000
    in_contacts: bool = True
    opted_out: bool = False
    tags: str = ""


def plain(text: str) -> str:
    """A name in lower-case ASCII, as addresses and logins spell it."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def job_title(rng: Random) -> str:
    """A job title: mostly engineers, one in twelve leads, one in ten does something else."""
    pick = rng.random()
    return rng.choice(LEADERS if pick < 0.08 else OTHERS if pick < 0.18 else ENGINEERS)


@dataclass
class Registry:
    """Numbers people as they are made, so that no two share an identifier."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def hire(self, rng: Random, host: str, offset: int, **traits: object) -> Person:
        """Make a person with an address at `host`; `traits` set further attributes of Person."""
        number = next(self.numbers)
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        handle = f"{plain(first)}.{plain(last)}"
        free_mail = host in FREE_MAIL_HOSTS
        # Addresses on free-mail hosts must be nobody's: "sample" and a number make them so.
        address = f"{handle}.nbsample{number:04}@{host}" if free_mail else f"{handle}{number}@{host}"
        known = {
            "title": job_title(rng),
            "weight": min(rng.paretovariate(1.05), 60.0),
            "in_contacts": rng.random() < 0.7,
        }
        return Person(
            number=number,
            name=f"{first} {last}",
            email=address,
            user_id=f"usr_{number:05}",
            anonymous_id=f"web-{rng.getrandbits(48):012x}",
            login=f"{plain(first)}-{plain(last)}-nb{number}",
            offset=offset,
            **(known | traits),
        )
