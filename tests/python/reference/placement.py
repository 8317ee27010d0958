"""Which account an activity belongs to, and whether it counts."""

from __future__ import annotations

from collections import defaultdict

from reference.domains import Domains, email_domain, internal_domains
from reference.identity import People
from reference.settings import Settings

BEGINNING_OF_TIME = -(10**9)
CONTACT, SEEN_ADDRESS = 0, 1  # on the same day the contact wins


class Links:
    """Which account domain each developer is linked to, from which day on."""

    def __init__(
        self, people: People, contacts: list[dict], activities: list[dict], domains: Domains, as_of: int
    ) -> None:
        self.by_developer: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for contact in contacts:
            valid_from = BEGINNING_OF_TIME if contact["valid_from"] is None else contact["valid_from"]
            domain = domains.work(contact["account_domain"]) or work_domain(contact, people, domains)
            developer = people.developer(contact["identifiers"])
            if domain is not None and developer is not None and valid_from <= as_of:
                self.by_developer[developer].append((valid_from, CONTACT, domain))
        first_seen: dict[tuple, int] = {}
        for activity in activities:
            for identifier in people.usable(activity["identifiers"]):
                if identifier[0] == "email":
                    first_seen[identifier] = min(first_seen.get(identifier, activity["day"]), activity["day"])
        for identifier, day in first_seen.items():
            domain = domains.work(email_domain(identifier[1]))
            if domain is not None:
                self.by_developer[people.key_of[identifier]].append((day, SEEN_ADDRESS, domain))

    def domain(self, developer: str | None, day: int) -> str | None:
        """The link in force on a day: the latest that began by then; if none did, the earliest of all."""
        links = self.by_developer.get(developer, [])
        begun = [link for link in links if link[0] <= day]
        first_day = max(begun)[0] if begun else min(links)[0] if links else None
        same_day = [link for link in links if link[0] == first_day]
        return min(same_day)[2] if same_day else None


def work_domain(row: dict, people: People, domains: Domains) -> str | None:
    """The employer's domain in a record's own e-mail address."""
    emails = [value for kind, value in people.usable(row["identifiers"]) if kind == "email"]
    return domains.work(email_domain(emails[0])) if emails else None


def place(activity: dict, people: People, links: Links, domains: Domains) -> str | None:
    """The account's domain: own work e-mail, else the record's domain, else the developer's link of that day."""
    domain = (
        work_domain(activity, people, domains)
        or domains.work(activity["account_domain"])
        or links.domain(activity["developer"], activity["day"])
    )
    return domains.account_domain(domain, activity["day"])


def exclusion(activity: dict, developer_reasons: dict[str, str], settings: Settings, as_of: int) -> str | None:
    """Why an activity does not count, first that applies; null if it does."""
    of_developer = developer_reasons.get(activity["developer"])
    if activity["day"] > as_of:
        return "future"
    if activity["activity_type"] not in settings.by_type:
        return "unknown_type"
    if activity["is_bot"] or of_developer == "bot":
        return "bot"
    if of_developer == "internal" or activity["domain"] in internal_domains(activity["tenant_id"], settings):
        return "internal"
    if of_developer == "opted_out":
        return "opted_out"
    return "no_account" if activity["domain"] is None else None
