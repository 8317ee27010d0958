"""What the half year of each account looks like: how much work it does per working day, of which kinds.

The accounts named here are the ones to look for in the output; `shows` says what their scores must tell on the as-of
day. The other few hundred (company.py) draw one of the everyday curves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from activity_score.sample.days import DAYS, on

Curve = tuple[tuple[int, float], ...]  # (day, sessions per working day), straight lines between

# Kinds of session and how often each happens, by what an account is doing with the product.
MIXES: dict[str, dict[str, float]] = {
    "evaluates": {
        "docs": 6, "website": 4, "install": 2, "github": 2, "product": 1, "community": 0.7,
        "email": 2, "content": 0.5, "forms": 0.2, "meetings": 0.1, "ads": 0.5,
    },
    "builds": {
        "product": 6, "install": 2.5, "docs": 3.5, "telemetry": 2, "community": 0.6, "github": 1.2,
        "email": 0.8, "website": 0.6, "meetings": 0.08, "content": 0.1,
    },
    "open source": {"github": 5, "docs": 3, "install": 2.5, "community": 2, "website": 0.6, "email": 0.4},
    "reads": {"website": 4, "docs": 1.5, "email": 4, "content": 0.5, "ads": 1.5, "forms": 0.15},
    "decides": {
        "docs": 4, "website": 4, "product": 3, "install": 2, "github": 1.5, "community": 1.2,
        "email": 1.5, "content": 0.8, "forms": 0.3, "meetings": 0.25, "telemetry": 0.5,
    },
    "probes": {"docs": 3, "github": 3, "install": 2},
    "staff": {"product": 4, "github": 4, "docs": 3, "community": 3, "website": 1},
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One named account.

    Attributes:
        domain: its domain, the key of the account.
        name: as the CRM has it.
        stage: lifecycle stage in the CRM; blank: none.
        mix: key of MIXES.
        people: how many people it has.
        curve: sessions per working day over time.
        shows: what its scores must tell on the as-of day.
        country: where most of its people work (a key of company.OFFSETS).
        in_crm: whether accounts.csv has it.
        has_buyer: whether a contact is tagged Buyer.
        top_share: share of all sessions that its busiest person has, 0 = no special person.
        newcomers_from: the first day on which its new people appear (None: spread over the half year).
        mail_hosts: hosts of its addresses, if not the domain itself.
        former_domain: domain used before `renamed_on`.
        renamed_on: day on which it took its present domain.
        other_domains: further domains in the CRM.
        parent_domain: the parent in the CRM.
        telemetry: aggregated telemetry records a day that name only the company.
    """

    domain: str
    name: str
    stage: str
    mix: str
    people: int
    curve: Curve
    shows: str
    country: str = "US"
    in_crm: bool = True
    has_buyer: bool = False
    top_share: float = 0.0
    newcomers_from: int | None = None
    mail_hosts: tuple[str, ...] = ()
    former_domain: str = ""
    renamed_on: int = 0
    other_domains: str = ""
    parent_domain: str = ""
    telemetry: int = 0


LAST = DAYS - 1


def flat(level: float) -> Curve:
    """The same work every working day."""
    return ((0, level), (LAST, level))


STORIES = [
    # -- heating up
    Story("brightloom.example", "Brightloom", "Prospect", "decides", 26,
          ((0, 0.15), (on(6, 23), 0.15), (on(6, 24), 8), (LAST, 10)),
          "surge: near nothing until 23 June, High today", newcomers_from=on(6, 24), has_buyer=True),
    Story("copperfin.example", "Copperfin Labs", "", "probes", 18,
          ((0, 0), (on(6, 23), 0), (on(6, 24), 9), (LAST, 12)),
          "surge of an account no CRM knows: developers only, no Buyer", "DE", in_crm=False,
          newcomers_from=on(6, 24)),
    Story("tidewater-robotics.example", "Tidewater Robotics", "In Pipeline", "evaluates", 40,
          ((0, 0.2), (on(4, 1), 0.3), (on(5, 31), 1.8), (LAST, 6.5)),
          "climbs for three months: High, rising, no surge", has_buyer=True),
    Story("velvetfox.example", "Velvet Fox", "Prospect", "open source", 22,
          ((0, 0.1), (on(4, 20), 0.2), (on(6, 5), 1.2), (LAST, 4)),
          "climbs from open source up: High, rising, no surge", "UK"),
    # -- cooling
    Story("larkspur-health.example", "Larkspur Health", "Customer", "builds", 45,
          ((0, 6), (on(5, 1), 6), (on(5, 24), 0.3), (LAST, 0.15)),
          "cools off: 100 until mid-May, 20 points or more below 28 days ago: drop-off risk, falling", "UK"),
    Story("ironquill.example", "Ironquill", "Customer", "builds", 30,
          ((0, 4.5), (on(5, 15), 4.5), (on(5, 16), 0), (LAST, 0)),
          "went silent on 16 May: drop-off risk, no active developers in 30 days"),
    # -- at the top
    Story("saltmarsh.example", "Saltmarsh Systems", "Customer", "builds", 110, flat(14),
          "saturates: 100 from several sources, continuous", telemetry=600, has_buyer=True),
    Story("quarrystreet.example", "Quarry Street Bank", "Prospect", "decides", 85, flat(11),
          "saturates: 100, a Buyer engaged and not a customer", "UK", has_buyer=True),
    Story("meridian-freight.example", "Meridian Freight", "In Pipeline", "decides", 55, flat(7),
          "stalled deal: opportunity open and unchanged since January, score above 80", "DE", has_buyer=True),
    # -- steady
    Story("hollowpine.example", "Hollow Pine Games", "Customer", "builds", 30, flat(1.4),
          "steady customer: High, no surge, no drop-off", "CA"),
    Story("cedarbank.example", "Cedarbank Insurance", "Customer", "builds", 24, flat(0.8),
          "steady customer: Medium, no surge, no drop-off"),
    # -- who is behind the score
    Story("onepine.example", "Onepine Studio", "Prospect", "evaluates", 6, flat(2.4),
          "one person is about 90 % of the points", "SE", top_share=0.93),
    Story("coldbrook.example", "Coldbrook Aerospace", "Customer", "builds", 0, flat(0),
          "scores from aggregated telemetry alone: no developer is known, none is active", telemetry=900),
    Story("kelpforge.example", "Kelpforge", "Prospect", "evaluates", 2, flat(0.03),
          "CI farm: thousands of installs a day, held to Medium by the daily cap and the source's share"),
    # -- which account is it
    Story("harborline.example", "Harborline", "Customer", "builds", 28, flat(1.8),
          "renamed on 1 April from oldharbor.example: one account, one unbroken trend", "NL",
          former_domain="oldharbor.example", renamed_on=on(4, 1)),
    Story("granitepeak.example", "Granite Peak Holdings", "Customer", "reads", 20, flat(0.8),
          "parent of granitepeak-cloud.example, with a score of its own"),
    Story("granitepeak-cloud.example", "Granite Peak Cloud", "In Pipeline", "evaluates", 32, flat(1.8),
          "subsidiary: scores apart from its parent", parent_domain="granitepeak.example"),
    Story("bramblewick-robotics.co.uk", "Bramblewick Robotics", "In Pipeline", "evaluates", 25, flat(1.7),
          "addresses at eng. and data. of its domain: one account", "UK",
          mail_hosts=("eng.bramblewick-robotics.co.uk", "data.bramblewick-robotics.co.uk",
                      "bramblewick-robotics.co.uk")),
    Story("wattlegrove-telemetry.com.au", "Wattlegrove Telemetry", "Prospect", "evaluates", 14, flat(1.2),
          "registrable domain below com.au", "AU",
          mail_hosts=("dev.wattlegrove-telemetry.com.au", "wattlegrove-telemetry.com.au")),
    Story("thistledown-data.co.uk", "Thistledown Data", "", "reads", 9, flat(0.7),
          "registrable domain below co.uk, apart from Bramblewick's", "UK"),
    Story("lumenorchard.example", "Lumen Orchard", "Prospect", "evaluates", 22, flat(1.3),
          "two domains, one account: lumen-labs.example is in its other_domains", "US",
          mail_hosts=("lumenorchard.example", "lumen-labs.example"), other_domains="lumen-labs.example"),
    Story("indigo-collective.example", "Indigo Collective", "Prospect", "evaluates", 16, flat(1.5),
          "people on free-mail addresses: placed by their contacts alone", "BR",
          mail_hosts=("gmail.com", "outlook.com", "gmx.de")),
]  # fmt: skip

STAFF = Story("northwind-build.example", "Northwind Build", "", "staff", 32, flat(16),
              "the company's own people: excluded as internal, no score", "US", in_crm=False)  # fmt: skip

# Everyday curves of the other accounts; levels are multiples of what the account does on average.
EVERYDAY: dict[str, tuple[float, Curve]] = {  # name: (how common, curve)
    "steady": (4.0, ((0, 1), (LAST, 1))),
    "wavering": (3.0, ((0, 1.3), (40, 0.6), (80, 1.4), (120, 0.5), (150, 1.3), (LAST, 0.9))),
    "growing": (1.5, ((0, 0.4), (LAST, 1.7))),
    "fading": (1.5, ((0, 1.7), (LAST, 0.4))),
    "arrived in spring": (1.2, ((0, 0), (on(3, 20), 0), (on(4, 20), 1.6), (LAST, 1.4))),
    "gone since winter": (1.0, ((0, 1.5), (on(2, 20), 1.2), (on(3, 20), 0), (LAST, 0))),
    "one project": (1.2, ((0, 0), (on(3, 1), 0), (on(3, 25), 3), (on(4, 25), 0.2), (LAST, 0.1))),
}


def daily_levels(curve: Curve) -> list[float]:
    """The curve's level on every day of the half year, in the unit of the curve."""
    levels = []
    for (start, low), (end, high) in pairwise(curve):
        levels += [low + (high - low) * step / (end - start) for step in range(end - start)]
    return [*levels, curve[-1][1]]
