"""Accounts in the shape that a CRM imports: its own column names, its own way to write days and truth.

A blank cell changes nothing in either CRM, so that no column may need emptying: what is absent is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from activity_score.errors import UserError
from activity_score.exporting.datasets import MEMBERS, Dataset, Side
from activity_score.sources import literal, quote

# Column of the file -> expression over `accounts`. The names are HubSpot's labels; those from `Activity Score` on are
# custom company properties (docs/exporting.md says of which type).
HUBSPOT = {
    "Company Domain Name": "account_domain",
    # An account that no list names is called by its domain; an empty cell keeps the name that HubSpot has.
    "Company name": "case when account_name <> account_domain then account_name end",
    "Activity Score": "activity_score",
    "Activity Category": "activity_category",
    "Activity Score Change 7d": "score_change_7d",
    "Activity Score Trend": "score_trend",
    "Activity Surge": "case when has_activity_surge then 'TRUE' else 'FALSE' end",
    "Activity Drop-off Risk": "case when drop_off_risk then 'TRUE' else 'FALSE' end",
    "Active Developers 30d": "active_developers_30d",
    "Activity Top Source": "coalesce(top_source, 'none')",
    "Activity Segments": "coalesce(segments, 'none')",
    "Last Developer Activity": "strftime(last_activity_at, '%Y-%m-%d')",
    "Activity Score As Of": "strftime(as_of_date, '%Y-%m-%d')",
}
# Salesforce: API names of fields. `#N/A` is how its bulk interface empties a field.
SALESFORCE_SCORES = {
    "Activity_Score__c": "activity_score",
    "Activity_Category__c": "activity_category",
    "Activity_Score_Change_7d__c": "score_change_7d",
    "Activity_Score_Trend__c": "score_trend",
    "Activity_Surge__c": "has_activity_surge",
    "Activity_Drop_Off_Risk__c": "drop_off_risk",
    "Active_Developers_30d__c": "active_developers_30d",
    "Activity_Top_Source__c": "coalesce(top_source, '#N/A')",
    "Activity_Segments__c": "coalesce(segments, '#N/A')",
    "Last_Developer_Activity__c": "coalesce(strftime(last_activity_at, '%Y-%m-%dT%H:%M:%SZ'), '#N/A')",
    "Activity_Score_As_Of__c": "strftime(as_of_date, '%Y-%m-%d')",
}
SALESFORCE_KEY = "Activity_Score_Account_Id__c"
# Accounts that Salesforce knows: only our own fields, found by its id.
SALESFORCE_UPDATE = {"Id": "crm_account_id", SALESFORCE_KEY: "account_id", **SALESFORCE_SCORES}
# Accounts that it does not know: made or found by our id.
SALESFORCE_UPSERT = {
    SALESFORCE_KEY: "account_id",
    "Name": "account_name",
    "Website": "account_domain",
    **SALESFORCE_SCORES,
}
IS_SALESFORCE_ID = "coalesce(regexp_full_match(crm_account_id, '001([A-Za-z0-9]{12}|[A-Za-z0-9]{15})'), false)"
CRMS = ("hubspot", "salesforce")


def crm_datasets(crm: str, segments: Sequence[str], exportable: Sequence[str]) -> list[Dataset]:
    """The files for a CRM.

    Args:
        crm: `hubspot` or `salesforce`.
        segments: only members of these; none means all accounts.
        exportable: the segments that may be named in the files.
    """
    if crm == "hubspot":
        files = [("hubspot_companies", HUBSPOT, "true", "Company Domain Name", "Activity Score As Of")]
    else:
        as_of = "Activity_Score_As_Of__c"
        files = [
            ("salesforce_accounts_update", SALESFORCE_UPDATE, IS_SALESFORCE_ID, "Id", as_of),
            ("salesforce_accounts_upsert", SALESFORCE_UPSERT, f"not {IS_SALESFORCE_ID}", SALESFORCE_KEY, as_of),
        ]
    return [
        Dataset(
            name,
            {"crm": crm},
            _accounts(columns, condition, segments, exportable),
            (key,),
            quote(key),
            are_marts_columns=False,
            formats=("csv",),
            is_upsert=True,
            ignored=(as_of,),
        )
        for name, columns, condition, key, as_of in files
    ]


def _accounts(
    columns: dict[str, str], condition: str, segments: Sequence[str], exportable: Sequence[str]
) -> Callable[[Side], str]:
    def select(side: Side) -> str:
        if side.tenant is None and len(side.tenants()) > 1:
            named = ", ".join(side.tenants()[:5])
            raise UserError(
                f"--crm: the build holds several tenants ({named}), a CRM belongs to one; add --tenant NAME"
            )
        shown = ", ".join(f"{expression} as {quote(name)}" for name, expression in columns.items())
        wanted = condition
        if segments:
            members = f"select account_id from ({side.rows(MEMBERS)}) where segment in ({_listed(segments)})"
            wanted += f" and account_id in ({members})"
        return f"with accounts as ({_with_segments(side, exportable)}) select {shown} from accounts where {wanted}"

    return select


def _with_segments(side: Side, exportable: Sequence[str]) -> str:
    """The accounts with the names of their segments in one text."""
    if not side.columns(MEMBERS) or not exportable:
        return f"select *, cast(null as varchar) as segments from ({side.rows('accounts')})"
    return (
        f"select accounts.*, memberships.segments from ({side.rows('accounts')}) as accounts"
        " left join (select account_id, string_agg(distinct segment, ';' order by segment) as segments"
        f" from ({side.rows(MEMBERS)}) where segment in ({_listed(exportable)}) group by account_id) as memberships"
        " on accounts.account_id = memberships.account_id"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(literal(name) for name in names)
