"""The whole calculation, one tenant after another."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pandas as pd

from reference import tables
from reference.changes import score_changes
from reference.domains import Domains, account_key, registrable
from reference.feed import Feed, read_accounts, read_activities, read_contacts, tenant_of
from reference.history import AccountHistory, DeveloperHistory
from reference.identity import People, exclusions
from reference.placement import Links, exclusion, place
from reference.points import count_units
from reference.roles import BUYER, begin, role_weight, tags
from reference.settings import Settings, day_number
from reference.thresholds import Model, model_in_force


def score(feed: Feed, settings: Settings, as_of: date | str) -> dict[str, pd.DataFrame]:
    """The published tables, by name, as frames.

    Args:
        feed: the generic feed, all tenants together.
        settings: the seeds.
        as_of: the last day that counts.
    """
    raw = {name: feed.rows(name) for name in ("activities", "accounts", "contacts")}
    return {name: pd.DataFrame(rows) for name, rows in score_rows(raw, settings, as_of).items()}


def score_rows(feed: dict[str, list[dict]], settings: Settings, as_of: date | str) -> dict[str, list[dict[str, Any]]]:
    """The published tables, by name, as lists of rows (see `score`)."""
    by_tenant: dict[str, dict[str, list[dict]]] = defaultdict(lambda: {name: [] for name in feed})
    for name, rows in feed.items():
        for row in rows:
            by_tenant[tenant_of(row)][name].append(row)
    result: dict[str, list[dict]] = defaultdict(list)
    for tenant_id in sorted(by_tenant):
        for name, rows in Tenant(tenant_id, by_tenant[tenant_id], settings, day_number(as_of)).published().items():
            result[name] += rows
    result["source_reconciliation"] = tables.add_up(result["source_reconciliation"])
    return dict(result)


class Tenant:
    """One tenant's calculation: its activities placed and counted, the people, the accounts, the thresholds."""

    def __init__(self, tenant_id: str, feed: dict[str, list[dict]], settings: Settings, as_of: int) -> None:
        self.tenant_id, self.settings, self.as_of = tenant_id, settings, as_of
        self.crm_accounts = read_accounts(feed["accounts"])
        self.contacts = read_contacts(feed["contacts"])
        self.activities, self.not_in_ledger = read_activities(feed["activities"])
        self.domains = Domains(tenant_id, self.crm_accounts, settings)

        known = [activity for activity in self.activities if activity["day"] <= as_of]
        self.people = People(tenant_id, [row["identifiers"] for row in [*known, *self.contacts]], settings)
        self.links = Links(self.people, self.contacts, known, self.domains, as_of)
        self.developer_reasons = exclusions(tenant_id, self.people, self.contacts, settings)
        self._read_roles()
        for activity in self.activities:
            activity["developer"] = self.people.developer(activity["identifiers"])
            activity["domain"] = place(activity, self.people, self.links, self.domains)
            activity["reason"] = exclusion(activity, self.developer_reasons, settings, as_of)
        count_units(self.activities, settings)
        self._build_histories()
        self.home_of = {developer: self.home(developer) for developer in self.developers}
        self.model: Model = model_in_force(
            tenant_id, list(self.accounts.values()), list(self.developers.values()), settings, as_of
        )

    def _read_roles(self) -> None:
        """The contact rows in force, the tags and the role weight of each developer."""
        self.contacts_of: dict[str, list[dict]] = defaultdict(list)
        for contact in self.contacts:
            developer = self.people.developer(contact["identifiers"])
            if developer is not None and begin(contact) <= self.as_of:
                self.contacts_of[developer].append(contact)
        self.tags_of = {developer: tags(contacts, self.settings) for developer, contacts in self.contacts_of.items()}
        self.role_weights = {developer: role_weight(found, self.settings) for developer, found in self.tags_of.items()}

    def _build_histories(self) -> None:
        """The points of every account and of every developer who is not excluded."""
        at_account: dict[str, list[dict]] = {self.account_domain_of(account): [] for account in self.crm_accounts}
        of_developer: dict[str, list[dict]] = {
            developer: [] for developer in self.people.members if developer not in self.developer_reasons
        }
        for activity in self.activities:
            if activity["disposition"] in ("counted", "over_daily_cap"):
                at_account.setdefault(activity["domain"], []).append(activity)
            if activity["developer"] is not None and activity["reason"] in (None, "over_daily_cap", "no_account"):
                of_developer[activity["developer"]].append(activity)
        self.accounts = {
            domain: AccountHistory(self.tenant_id, activities, self.role_weights, self.settings)
            for domain, activities in at_account.items()
        }
        self.developers = {
            developer: DeveloperHistory(self.tenant_id, activities, self.settings)
            for developer, activities in of_developer.items()
        }

    def is_buyer(self, developer: str) -> bool:
        """Whether a developer is tagged Buyer."""
        return BUYER in self.tags_of.get(developer, ())

    def home(self, developer: str) -> str | None:
        """The account of today: by the link in force, else that of the latest activity (of equals the smallest key)."""
        domain = self.domains.account_domain(self.links.domain(developer, self.as_of), self.as_of)
        placed = [activity for activity in self.developers[developer].activities if activity["domain"] is not None]
        if domain is None and placed:
            last = max(activity["occurred_at"] for activity in placed)
            at_last = {row["domain"] for row in placed if row["occurred_at"] == last}
            domain = min(at_last, key=lambda found: account_key(self.tenant_id, found))
        return domain

    def account_domain_of(self, crm_account: dict) -> str:
        """The domain an account of the CRM is known by today."""
        return registrable(crm_account["account_domain"])

    def published(self) -> dict[str, list[dict]]:
        """All published tables of this tenant."""
        return {
            "activity_ledger": tables.ledger(self),
            "account_score_adjustments": tables.adjustments(self),
            "account_scores_daily": tables.account_days(self),
            "account_source_scores_daily": tables.account_source_days(self),
            "account_score_changes": score_changes(self),
            "developer_scores_daily": tables.developer_days(self),
            "accounts": tables.accounts(self),
            "developers": tables.developers(self),
            "score_models": [{"tenant_id": self.tenant_id, **self.model._asdict()}],
            "source_reconciliation": tables.reconciliation(self),
        }
