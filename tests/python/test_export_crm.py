"""Files that a CRM imports."""

from __future__ import annotations

import hashlib
from pathlib import Path

from published_by_hand import EARLIER


def test_hubspot(export):
    done = export("--crm", "hubspot")
    rows = {row["Company Domain Name"]: row for row in done.csv("hubspot_companies")}
    assert len(rows) == 17
    assert rows["a00.example"] == {
        "Company Domain Name": "a00.example",
        "Company name": "Acme, Inc.",
        "Activity Score": "100.00",
        "Activity Category": "High",
        "Activity Score Change 7d": "-1.50",
        "Activity Score Trend": "steady",
        "Activity Surge": "TRUE",
        "Activity Drop-off Risk": "FALSE",
        "Active Developers 30d": "2",
        "Activity Top Source": "github",
        "Activity Segments": "activity_surge;high_engagement",
        "Last Developer Activity": "2026-06-30",
        "Activity Score As Of": "2026-06-30",
    }
    assert rows["a03.example"]["Company name"] == ""  # it has no name but its domain: HubSpot's name stays
    assert rows["a16.example"]["Activity Segments"] == "none"
    assert rows["a08.example"]["Company name"] == "'=cmd|'/C calc'!A0"


def test_salesforce(export):
    done = export("--crm", "salesforce")
    assert done.names() == ["manifest.json", "salesforce_accounts_update.csv", "salesforce_accounts_upsert.csv"]
    update, upsert = done.csv("salesforce_accounts_update"), done.csv("salesforce_accounts_upsert")
    assert {row["Id"] for row in update} == {"001Ab00000CdEfG", "001Ab00000CdEfGHIJ"}
    assert (len(update), len(upsert)) == (7, 10)
    assert not {"Name", "Website"} & set(update[0])  # the CRM's own
    account = hashlib.md5(b"default|a00.example").hexdigest()
    assert next(row for row in upsert if row["Website"] == "a00.example") == {
        "Activity_Score_Account_Id__c": account,
        "Name": "Acme, Inc.",
        "Website": "a00.example",
        "Activity_Score__c": "100.00",
        "Activity_Category__c": "High",
        "Activity_Score_Change_7d__c": "-1.50",
        "Activity_Score_Trend__c": "steady",
        "Activity_Surge__c": "true",
        "Activity_Drop_Off_Risk__c": "false",
        "Active_Developers_30d__c": "2",
        "Activity_Top_Source__c": "github",
        "Activity_Segments__c": "activity_surge;high_engagement",
        "Last_Developer_Activity__c": "2026-06-30T10:00:00Z",
        "Activity_Score_As_Of__c": "2026-06-30",
    }
    quiet = next(row for row in [*update, *upsert] if "#N/A" in row.values())
    assert quiet["Activity_Segments__c"] == "#N/A"


def test_a_crm_file_of_some_segments_and_of_what_changed(export):
    done = export("activity_surge", "--crm", "hubspot", "--mart", "developers", "--format", "parquet")
    assert done.names() == ["developers.parquet", "hubspot_companies.csv", "manifest.json"]
    assert {row["Company Domain Name"] for row in done.csv("hubspot_companies")} == {"a00.example", "a01.example"}
    changed = export("--crm", "hubspot", "--changes-since", str(EARLIER)).csv("hubspot_companies_changes")
    assert "change" not in changed[0]
    domains = {row["Company Domain Name"] for row in changed}
    assert {"a01.example", "a02.example"} <= domains and "gone.example" not in domains


def test_documented_columns_of_crms():
    from activity_score.exporting import crm

    text = (Path(__file__).parents[2] / "docs" / "exporting.md").read_text(encoding="utf-8")
    for name in [*crm.HUBSPOT, *crm.SALESFORCE_UPDATE, *crm.SALESFORCE_UPSERT]:
        assert f"`{name}`" in text, name
