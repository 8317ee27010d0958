"""A warehouse with published builds made by hand: a few accounts and people with names that are hard to export."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb

from activity_score.project import Warehouse

AS_OF, EARLIER = date(2026, 6, 30), date(2026, 6, 23)
FORMULAS = ["=cmd|'/C calc'!A0", "+1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "-5.2", "  =1+1", "\uff1d1+1", "\u00a0-1"]
PLAIN = ["Acme, Inc.", 'Say "yes"', "Zürich 数据", "two\nlines", "a;b", "'quoted", "5 - 3", "x=1"]

ACCOUNTS = """
create table accounts as
select
    md5(tenant_id || '|' || account_domain) as account_id, tenant_id, account_name, account_domain, crm_account_id,
    crm_account_id is not null as is_in_crm, lifecycle_stage, owner_name, owner_email,
    cast(number * 10 as bigint) as employee_count, 'Software' as industry, 'Germany' as country, 'Europe' as territory,
    cast(null as integer) as fit_score, cast(null as varchar) as fit_grade,
    cast(score as decimal(5, 2)) as activity_score,
    case when score >= 60 then 'High' when score >= 20 then 'Medium' else 'Low' end as activity_category,
    'good' as engagement_label, score >= 80 as is_strong, false as is_continuous,
    cast(-1.5 as decimal(5, 2)) as score_change_7d, cast(2 as decimal(5, 2)) as score_change_30d,
    score / 300.0 as momentum, 'steady' as score_trend, score > 90 as has_activity_surge,
    case when score > 90 then $as_of - 2 end as surge_started_on,
    case when score > 90 then $as_of + 4 end as surge_ends_on,
    score < 20 as drop_off_risk, cast(1 as bigint) as active_developers_7d, cast(2 as bigint) as active_developers_30d,
    cast(3 as bigint) as identified_developers, true as has_buyer, false as buyer_engaged,
    case when score > 0 then 'github' end as top_source, cast(2 as bigint) as contributing_sources,
    case when score > 0 then cast($as_of as timestamp) + interval 10 hour end as last_activity_at,
    cast(0 as decimal(5, 2)) as intent_score, cast($as_of as date) as as_of_date, 'v1' as model_version
from given
"""  # fmt: skip
DEVELOPERS = """
create table developers as
select
    md5('default|email:' || email) as developer_id, 'default' as tenant_id,
    (select min(account_id) from accounts) as account_id, display_name, email, github_login,
    'VP of ' || display_name as job_title, 'Buyer' as developer_tags, 1.5::double as role_weight, true as is_buyer,
    cast(12.34 as decimal(5, 2)) as activity_score, 'Low' as activity_category,
    timestamp '2026-01-02 03:04:05' as first_activity_at, timestamp '2026-06-30 23:59:59.123456' as last_activity_at,
    'github' as top_source, cast($as_of as date) as as_of_date
from people
"""
ROUTES = """
create table account_routes as
select
    account_id, 'pipeline' as playbook, as_of_date - 1 as episode_started_on, owner_email, 'crm' as owner_source,
    'Ana Arbor <ana.arbor@people.example>; Bo Birk <bo.birk@people.example>' as engaged_contacts,
    'Answer today' as recommended_first_touch, last_activity_at as most_recent_meaningful_activity_at,
    'Call; then write' as action_steps, 'Ana Arbor asked' as first_touch_headline,
    as_of_date + 5 as expected_to_leave_high_on
from accounts
where activity_score > 80
"""
LEDGER = """
create table activity_ledger as
select
    'act-' || number as activity_id, 'default' as tenant_id, 'generic' as source_system, 'website' as source,
    'pricing_page_view' as activity_type,
    timestamp '2026-06-01 00:00:00' + to_minutes(cast(number as bigint)) as occurred_at,
    (select min(developer_id) from developers) as developer_id, (select min(account_id) from accounts) as account_id,
    'https://www.acme.example/?email=ana.arbor%40people.example&n=' || number as url,
    number / 7.0::double as engagement_points, 'counted' as disposition, cast(null as varchar) as disposition_reason
from range(40) as numbers (number)
"""  # fmt: skip
PEOPLE = [
    ("Ana Arbor", "ana.arbor@people.example", "ana-arbor"),
    ("=HYPERLINK(1)", "Bo.Birk@people.example", "bo-birk"),
    ("Cy Åkesson", "cy@münchen.example", None),
]


def named_accounts() -> list[tuple]:
    """Tenant, name, domain, CRM id, stage, owner's name and address, number, score."""
    names = [*PLAIN, *FORMULAS]
    rows = []
    for number, name in enumerate(names):
        crm = [None, "001Ab00000CdEfG", "001Ab00000CdEfGHIJ", "0061234567890123456", "4711"][number % 5]
        owner = ("Dee Dahl", "dee.dahl@seller.example") if number % 2 else ("-Eve", "eve@seller.example")
        score = round(100 - number * 5.51, 2)
        rows.append(("default", name, f"a{number:02}.example", crm, "Prospect", *owner, number, score))
    rows[3] = (*rows[3][:1], "a03.example", *rows[3][2:])  # an account without a name is called by its domain
    return rows


def write_marts(file: Path, as_of: date, accounts: list[tuple]) -> None:
    """A published file, as a build would leave it."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as published (storage_version 'v1.5.0')")
        connection.execute("create schema published.marts; use published.marts")
        connection.execute(
            "create temp table given (tenant_id varchar, account_name varchar, account_domain varchar,"
            " crm_account_id varchar, lifecycle_stage varchar, owner_name varchar, owner_email varchar,"
            " number integer, score double)"
        )
        connection.executemany(f"insert into given values ({', '.join('?' * 9)})", accounts)
        connection.execute("create temp table people (display_name varchar, email varchar, github_login varchar)")
        connection.executemany("insert into people values (?, ?, ?)", PEOPLE)
        for statement in (ACCOUNTS, DEVELOPERS, ROUTES, LEDGER):
            connection.execute(statement.replace("$as_of", f"date '{as_of}'"))
        connection.execute(
            "create table segment_members as"
            " select 'high_engagement' as segment, account_id, as_of_date - 3 as entered_on,"
            " 'seen: ' || account_name as reason, 1 as priority from accounts where activity_score >= 60"
            " union all select 'activity_surge', account_id, surge_started_on, 'asked by ana.arbor@people.example', 2"
            " from accounts where has_activity_surge"
            " union all select 'inner_circle', account_id, as_of_date, null, 3 from accounts where activity_score > 97"
        )
        connection.execute(
            "create table segments as select * from (values ('high_engagement', 'Hot', true), ('quiet', null, true),"
            " ('inner_circle', null, false), ('activity_surge', null, true)) as given (segment, playbook, is_exported)"
        )
        connection.execute(
            "create table segment_changes as"
            " select 'drop_off_risk' as segment, account_id, 'left' as change, as_of_date as changed_on"
            " from accounts where account_name = 'a;b'"
        )


def write_build(warehouse: Warehouse, as_of: date, number: int = 1, accounts: list[tuple] | None = None) -> Path:
    """A published build, which becomes the current one."""
    folder = warehouse.builds / f"{as_of}_20260701T00000{number}Z"
    folder.mkdir(parents=True)
    write_marts(folder / "marts.duckdb", as_of, named_accounts() if accounts is None else accounts)
    manifest = {"build_id": folder.name, "as_of_date": str(as_of), "model_versions": ["v1"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    warehouse.current.unlink(missing_ok=True)
    warehouse.current.symlink_to(Path("builds") / folder.name)
    return folder / "marts.duckdb"


def write_two_builds(root: Path) -> Warehouse:
    """Two builds, a week apart: one account came, one left, one rose."""
    warehouse = Warehouse(root)
    rows = named_accounts()
    gone = ("default", "Gone", "gone.example", *rows[0][3:])
    write_build(warehouse, EARLIER, accounts=[*rows[:1], (*rows[1][:-1], 81.0), *rows[3:], gone])
    write_build(warehouse, AS_OF, accounts=rows)
    return warehouse
