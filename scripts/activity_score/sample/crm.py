"""The CRM's tables: accounts, contacts and opportunities, as rows of text."""

from __future__ import annotations

import datetime as dt
from random import Random

from activity_score.sample.company import Account
from activity_score.sample.days import DAYS, FIRST_DAY, on
from activity_score.sample.people import Person
from activity_score.sample.stories import daily_levels

ACCOUNT_COLUMNS = ["account_domain", "other_domains", "account_name", "crm_account_id", "parent_domain",
                   "lifecycle_stage", "owner_name", "owner_email", "employee_count", "industry", "country",
                   "territory"]  # fmt: skip
CONTACT_COLUMNS = ["email", "full_name", "job_title", "github_login", "user_id", "anonymous_id", "account_domain",
                   "developer_tags", "opted_out", "valid_from"]  # fmt: skip
OPPORTUNITY_COLUMNS = ["opportunity_id", "account_domain", "created_on", "closed_on", "stage", "is_won", "amount"]

TERRITORIES = {"US": "Americas", "CA": "Americas", "BR": "Americas", "AU": "Asia Pacific", "JP": "Asia Pacific",
               "IN": "Asia Pacific"}  # fmt: skip
COUNTRY_NAMES = {"US": "United States", "CA": "Canada", "UK": "United Kingdom", "DE": "Germany", "NL": "Netherlands",
                 "SE": "Sweden", "IN": "India", "AU": "Australia", "BR": "Brazil", "JP": "Japan"}  # fmt: skip
SELLERS = {"Americas": ["Robin Castell", "Toni Marsh"], "Europe": ["Sasha Vossen", "Kim Eklund"],
           "Asia Pacific": ["Jo Tamura"]}  # fmt: skip

Row = list[object]


def date(day: int) -> str:
    """A day number as ISO date."""
    return (FIRST_DAY + dt.timedelta(days=day)).isoformat()


def account_rows(accounts: list[Account]) -> list[Row]:
    """The accounts the CRM knows; the last row has no domain and must be rejected."""
    rows: list[Row] = []
    for number, account in enumerate(accounts, start=1):
        story, rng = account.story, Random(f"crm:{account.story.domain}")
        if not story.in_crm:
            continue
        territory = TERRITORIES.get(story.country, "Europe")
        owner = rng.choice(SELLERS[territory]) if rng.random() < 0.92 else ""
        address = owner.lower().replace(" ", ".") + "@northwind-build.example" if owner else ""
        employees = int(story.people * rng.uniform(4, 60)) + 5
        rows.append(
            [
                story.domain,
                story.other_domains,
                story.name,
                f"crm-{number:05}",
                story.parent_domain,
                story.stage,
                owner,
                address,
                employees,
                account.industry,
                COUNTRY_NAMES[story.country],
                territory,
            ]
        )
    rows.append(["", "", "Unnamed import", "crm-99999", "", "Prospect", "", "", "", "", "", ""])
    return rows


def contact_rows(
    accounts: list[Account], staff: Account, moves: list[tuple[Person, Person, int]], rng: Random
) -> list[Row]:
    """The people the CRM knows; movers have one row per employer. The last row names nobody and must be rejected."""
    moved = {after.number: day for _, after, day in moves}
    left = {before.number for before, _, _ in moves}
    rows: list[Row] = []
    for account in [*accounts, staff]:
        for person in account.people:
            if not person.in_contacts and account is not staff:
                continue
            known_long = person.arrives == 0 or person.number in moved or account is staff
            login = person.login if known_long or rng.random() < 0.5 else ""
            valid_from = "2024-09-02" if person.number in left else ""
            if person.number in moved:
                valid_from = date(moved[person.number])
            rows.append(
                [
                    person.email,
                    person.name,
                    person.title,
                    login,
                    person.user_id if known_long else "",
                    person.anonymous_id if known_long else "",
                    account.story.domain,
                    person.tags,
                    "true" if person.opted_out else "",
                    valid_from,
                ]
            )
    rows.append(["", "Nobody In Particular", "Intern", "", "", "", "", "", "", ""])
    return rows


def opportunity_rows(accounts: list[Account]) -> list[Row]:
    """Deals: open ones of accounts in the pipeline, won ones of customers, some lost."""
    rows: list[Row] = []

    def add(account: Account, created: int, closed: int | None, stage: str, won: str) -> None:
        amount = 1_000 * max(4, account.story.people) + 500 * (len(rows) % 9)
        closed_on = date(closed) if closed is not None else ""
        rows.append([f"opp-{len(rows) + 1:04}", account.story.domain, date(created), closed_on, stage, won, amount])

    for account in accounts:
        story, rng = account.story, Random(f"deals:{account.story.domain}")
        levels = daily_levels(story.curve)
        if not story.in_crm:
            continue
        if story.domain == "meridian-freight.example":
            add(account, on(1, 22), None, "Negotiation", "")
        elif story.stage == "In Pipeline":
            busy = rng.choices(range(70, DAYS), [level + 0.001 for level in levels[70:]])[0]
            add(account, busy, None, rng.choice(["Discovery", "Evaluation", "Negotiation"]), "")
        elif story.stage == "Customer" and levels[-1] > 1.25 * levels[0]:  # won in this half year, on rising interest
            created = rng.randint(100, 130)
            add(account, created, created + rng.randint(20, 45), "Closed Won", "true")
        elif story.stage == "Customer":
            created = rng.randint(-300, -60)
            add(account, created, created + 40, "Closed Won", "true")
        elif max(levels) > 0.3 and rng.random() < 0.3:
            created = rng.randint(40, 120)
            add(account, created, created + rng.randint(20, 50), "Closed Lost", "false")
    return rows
