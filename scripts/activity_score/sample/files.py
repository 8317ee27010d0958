"""Writes the sample company's raw files: the same bytes on every run."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random

from activity_score.sample import crm, traps
from activity_score.sample.company import Account, found_company
from activity_score.sample.days import AS_OF, DATES, DAYS, SECONDS_PER_DAY, timestamp
from activity_score.sample.feed import Activity, Feed
from activity_score.sample.github import BOT, OWNER, GithubLog, lines, roam, run_bot
from activity_score.sample.sessions import live_through, send_company_signals

# The columns of generic/activities, in the order of Activity; the part files of the months, each in its format.
COLUMNS = ["activity_id", "occurred_at", "activity_type", "loaded_at", "email", "github_login", "user_id",
           "anonymous_id", "display_name", "account_domain", "url", "is_bot", "count", "properties"]  # fmt: skip
PARTS = {"2026-01": "csv.gz", "2026-02": "csv.gz", "2026-03": "jsonl", "2026-04": "csv", "2026-05": "csv.gz",
         "2026-06": "jsonl.gz"}  # fmt: skip
MONTH_WITH_OFFSET = "2026-03"  # exported by a server on Central European time


def write_sample_company(data_dir: Path) -> dt.date:
    """Write the raw data of the sample company, an invented maker of a build cache with half a year behind it.

    Args:
        data_dir: the data directory; made if need be, files of an earlier run are replaced.

    Returns:
        The as-of date of the sample, its last complete day.

    Raises:
        OSError: the directory cannot be written.
    """
    by_domain, staff, moves = found_company()
    accounts = list(by_domain.values())
    feed, log = Feed(), GithubLog()
    for account in [*accounts, staff]:
        live_through(account, feed, log)
        send_company_signals(account, feed)
    traps.run_ci_farm(feed)
    traps.add_strays(feed)
    traps.share_identifiers(accounts, feed)
    traps.add_oddities(feed)
    seen = sorted(log.addresses.items())
    run_bot(log)
    roam(log, seen)

    generic, events = data_dir / "generic", data_dir / "gharchive" / "events"
    (generic / "activities").mkdir(parents=True, exist_ok=True)
    events.mkdir(parents=True, exist_ok=True)
    write_activities(generic / "activities", feed.activities)
    write_table(generic / "accounts.csv", crm.ACCOUNT_COLUMNS, crm.account_rows(accounts))
    contacts = crm.contact_rows(accounts, staff, moves, Random("contacts"))
    write_table(generic / "contacts.csv", crm.CONTACT_COLUMNS, contacts)
    write_table(generic / "opportunities.csv", crm.OPPORTUNITY_COLUMNS, crm.opportunity_rows(accounts))
    write_events(events, log)
    write_users(events.parent / "users.jsonl", [*accounts, staff], log)
    (data_dir / "vars.yml").write_text(f'tracked_repositories: ["{OWNER}/*"]\n', encoding="utf-8")
    return AS_OF


def month_of(moment: int) -> str:
    """The month of a moment as `2026-06`; the last load of June, at midnight, still belongs to June."""
    return min(DATES[max(moment, 0) // SECONDS_PER_DAY + 1].isoformat()[:7], "2026-06")


def write_activities(folder: Path, activities: list[Activity]) -> None:
    """Write the activities in the order in which they arrived, one part file per month of arrival."""
    months: dict[str, list[list[object]]] = defaultdict(list)
    for activity in sorted(activities, key=lambda activity: (activity.loaded, activity.occurred)):
        number, occurred, kind, loaded, *traces = activity
        month = month_of(loaded)
        months[month].append([number, timestamp_of(occurred, month), kind, timestamp(loaded) + "Z", *traces])
    traps.break_rows(months["2026-02"], months["2026-05"])
    for month, form in PARTS.items():
        written = csv_text(COLUMNS, months[month]) if "csv" in form else json_lines(months[month])
        torn = {"2026-04": traps.TRUNCATED_CSV, "2026-06": traps.TRUNCATED_JSON}.get(month)
        write_text(folder / f"{month}.{form}", written if torn is None else tear(written, torn))


def timestamp_of(occurred: int, month: str) -> str:
    """A moment as the month's export writes it; only a clock that was never set lies before the half year."""
    if occurred < 0:
        return f"1970-01-01T00:00:{occurred % 60:02}Z"
    if month == MONTH_WITH_OFFSET:
        return timestamp(occurred + 3_600) + "+01:00"
    return timestamp(occurred) + "Z"


def csv_text(columns: list[str], rows: Iterable[list[object]]) -> str:
    """Rows as CSV with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def json_lines(rows: Iterable[list[object]]) -> str:
    """Rows as JSON lines without the fields that are not given; flags and counts keep their JSON type."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    parts = []
    for row in rows:
        record = {column: value for column, value in zip(COLUMNS, row, strict=True) if value != ""}
        if "is_bot" in record:
            record["is_bot"] = record["is_bot"] == "true"
        parts.append(encode(record))
    return "\n".join(parts) + "\n"


def tear(text: str, torn: str) -> str:
    """The text with one torn line in its middle, as an interrupted writer leaves it."""
    middle = text.index("\n", len(text) // 2) + 1
    return text[:middle] + torn + "\n" + text[middle:]


def write_text(file: Path, text: str) -> None:
    """Write a text file, compressed if its name says so; no time stamp goes into the archive."""
    content = text.encode()
    file.write_bytes(gzip.compress(content, compresslevel=3, mtime=0) if file.suffix == ".gz" else content)


def write_table(file: Path, columns: list[str], rows: Iterable[list[object]]) -> None:
    """Write a CSV file with a header."""
    write_text(file, csv_text(columns, rows))


def write_events(folder: Path, log: GithubLog) -> None:
    """Write the GitHub events, one file a month; every 200th arrives twice and one line is torn."""
    months: dict[str, list[str]] = defaultdict(list)
    for place, (moment, line) in enumerate(lines(log)):
        months[month_of(moment)] += [line, line] if place % 200 == 0 else [line]
    months["2026-03"].insert(500, traps.TRUNCATED_EVENT)
    for month, events in months.items():
        write_text(folder / f"{month}.json.gz", "\n".join(events) + "\n")


def write_users(file: Path, accounts: list[Account], log: GithubLog) -> None:
    """Write what the users endpoint knows of those who acted: two thirds say where they work, in their own words."""
    rng = Random("github:users")
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    users = [{"login": BOT, "type": "Bot", "name": None, "company": None, "email": None, "blog": ""}]
    for account in accounts:
        name, domain = account.story.name, account.story.domain
        for person in account.people:
            if person.login not in log.addresses or person.leaves <= DAYS:
                continue
            company = rng.choice([name, name, f"@{domain.split('.')[0]}", f"{name}, Inc.", None, "freelance"])
            blog = f"https://{domain}" if rng.random() < 0.1 else ""
            email = person.email if rng.random() < 0.15 else None
            users.append(
                {
                    "login": person.login,
                    "type": "User",
                    "name": person.name,
                    "company": company,
                    "email": email,
                    "blog": blog,
                }
            )
    write_text(file, "\n".join(encode(user) for user in users) + "\n")
