"""Who is one person: connected components over identifiers."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from reference.domains import email_domain, internal_domains, registrable
from reference.settings import Settings

KINDS = ("email", "github_login", "user_id", "anonymous_id")
Identifier = tuple[str, str]


def smallest_first(identifier: Identifier) -> tuple[int, str]:
    """The order of identifiers: by kind, then by value."""
    return KINDS.index(identifier[0]), identifier[1]


def developer_key(tenant_id: str, identifier: Identifier) -> str:
    """The published `developer_id` of the component whose smallest identifier this is."""
    return hashlib.md5(f"{tenant_id}|{identifier[0]}:{identifier[1]}".encode()).hexdigest()


class People:
    """The developers of one tenant.

    Args:
        tenant_id: the tenant.
        sightings: the identifiers seen together, one list per contact or activity.
        settings: the settings.
    """

    def __init__(self, tenant_id: str, sightings: list[list[Identifier]], settings: Settings) -> None:
        self.settings = settings
        self._shared: dict[Identifier, list[dict]] = {}
        sightings = [self.usable(sighting) for sighting in sightings]

        partners: dict[Identifier, set[Identifier]] = defaultdict(set)
        for sighting in sightings:
            for identifier in sighting:
                partners[identifier] |= set(sighting) - {identifier}
        self.over_linked: set[Identifier] = {
            identifier for identifier, others in partners.items() if len(others) > settings.max_identifier_links
        }

        parent: dict[Identifier, Identifier] = {identifier: identifier for identifier in partners}

        def root(identifier: Identifier) -> Identifier:
            while parent[identifier] != identifier:
                parent[identifier] = parent[parent[identifier]]
                identifier = parent[identifier]
            return identifier

        for sighting in sightings:
            linking = [identifier for identifier in sighting if self.links(identifier)]
            for other in linking[1:]:
                parent[root(linking[0])] = root(other)

        components = defaultdict(list)
        for identifier in partners:
            components[root(identifier)].append(identifier)
        self.key_of: dict[Identifier, str] = {}
        self.members: dict[str, list[Identifier]] = {}
        for component in components.values():
            component.sort(key=smallest_first)
            key = developer_key(tenant_id, component[0])
            self.members[key] = component
            self.key_of.update(dict.fromkeys(component, key))

    def shared(self, identifier: Identifier) -> list[dict]:
        """The rows of `shared_identifiers` that speak of an identifier."""
        if identifier not in self._shared:
            self._shared[identifier] = self.settings.listed("shared_identifiers", identifier)
        return self._shared[identifier]

    def usable(self, identifiers: list[Identifier]) -> list[Identifier]:
        """Without no-reply addresses and placeholders, which name nobody."""
        return [
            identifier for identifier in identifiers if not any(row["is_no_reply"] for row in self.shared(identifier))
        ]

    def links(self, identifier: Identifier) -> bool:
        """Whether an identifier may join people: neither shared nor seen with too many others."""
        return identifier not in self.over_linked and not self.shared(identifier)

    def developer(self, identifiers: list[Identifier]) -> str | None:
        """The developer that a record's identifiers name; null if they name nobody, or nobody known."""
        usable = self.usable(identifiers)
        first = next((identifier for identifier in usable if self.links(identifier)), usable[0] if usable else None)
        return None if first is None else self.key_of.get(first)

    def emails(self, developer: str) -> list[str]:
        """The addresses of a developer."""
        return [value for kind, value in self.members[developer] if kind == "email"]


def exclusions(tenant_id: str, people: People, contacts: list[dict], settings: Settings) -> dict[str, str]:
    """Why developers do not count as a whole: `bot`, `internal` or `opted_out`, first that applies, by developer."""
    internal = internal_domains(tenant_id, settings)
    opted_out = {people.developer(contact["identifiers"]) for contact in contacts if contact["opted_out"]}
    reasons = {}
    for developer, members in people.members.items():
        own_domains = {registrable(email_domain(email)) for email in people.emails(developer)}
        if any(settings.listed("bot_patterns", identifier) for identifier in members):
            reasons[developer] = "bot"
        elif own_domains & internal:
            reasons[developer] = "internal"
        elif developer in opted_out:
            reasons[developer] = "opted_out"
    return reasons
