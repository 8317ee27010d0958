"""Which domain stands for which company."""

from __future__ import annotations

import hashlib
from functools import cache

from publicsuffixlist import PublicSuffixList

from reference.settings import Settings, split_list

PUBLIC_SUFFIXES = PublicSuffixList()


@cache
def registrable(domain: str | None) -> str | None:
    """`eng.acme.co.uk` is `acme.co.uk`; null where there is none (`co.uk`, an IP address, an empty text)."""
    if not domain or domain.rpartition(".")[2].isdigit():
        return None
    return PUBLIC_SUFFIXES.privatesuffix(domain.strip().strip(".").lower())


def email_domain(email: str) -> str | None:
    """What follows the @; null for a hash of an address and what is no address."""
    name, _, domain = email.partition("@")
    return domain if name and domain and "@" not in domain else None


class Domains:
    """Domains of one tenant: work or not, and the account they stand for on a day.

    Args:
        tenant_id: the tenant.
        accounts: the CRM accounts of this tenant.
        settings: the settings.
    """

    def __init__(self, tenant_id: str, accounts: list[dict], settings: Settings) -> None:
        self.tenant_id = tenant_id
        self.free = {row["domain"].lower() for row in settings.seeds["free_email_domains"]}
        self.aliases = settings.seeds["domain_aliases"]
        self.crm = {}
        self.others = {}
        for account in accounts:
            domain = registrable(account["account_domain"])
            self.crm.setdefault(domain, account)
            for other in split_list(account.get("other_domains")):
                self.others.setdefault(registrable(other), domain)

    def work(self, domain: str | None) -> str | None:
        """The registrable domain, where it is an employer's and not a mail provider's."""
        found = registrable(domain)
        return None if found is None or found in self.free or domain in self.free else found

    def account_domain(self, domain: str | None, day: int) -> str | None:
        """The domain of the account that a registrable domain stands for on a day."""
        if domain is None:
            return None
        for row in self.aliases:
            begun = row.get("valid_from") is None or row["valid_from"] <= day
            over = row.get("valid_to") is not None and day > row["valid_to"]
            if registrable(row["domain"]) == domain and begun and not over:
                return registrable(row["alias_of"])
        return domain if domain in self.crm else self.others.get(domain, domain)


def internal_domains(tenant_id: str, settings: Settings) -> set[str | None]:
    """The tenant's own registrable domains."""
    return {registrable(domain) for domain in split_list(settings.tenant(tenant_id).get("internal_domains"))}


def account_key(tenant_id: str, domain: str) -> str:
    """The published `account_id`."""
    return hashlib.md5(f"{tenant_id}|{domain}".encode()).hexdigest()
