"""The sample company: the same bytes every time, every story and every trap present, nobody real."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from activity_score.sample import traps, write_sample_company
from activity_score.sample.company import found_company
from activity_score.sample.github import BOT
from activity_score.sample.people import FREE_MAIL_HOSTS
from activity_score.sample.stories import MIXES, STAFF, STORIES

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
Row = dict[str, str]


@dataclass
class Sample:
    """The written files, read back."""

    folder: Path
    as_of: dt.date
    activities: list[Row] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    def table(self, name: str) -> list[Row]:
        return list(csv.DictReader((self.folder / "generic" / f"{name}.csv").open(encoding="utf-8")))

    def at(self, domain: str) -> list[Row]:
        """Activities that name an account by e-mail or domain."""
        return [row for row in self.activities if row["account_domain"] == domain or host(row).endswith(domain)]


def text_of(file: Path) -> str:
    content = file.read_bytes()
    return (gzip.decompress(content) if file.suffix == ".gz" else content).decode()


def host(row: Row) -> str:
    return row["email"].rpartition("@")[2]


@cache
def moment(text: str) -> dt.datetime | None:
    """A time stamp in UTC; None if it is none."""
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC) if "T" in text else None
    except ValueError:
        return None


def days_of(rows: list[Row]) -> list[str]:
    """The days in 2026 of the rows that have one, as ISO dates; third-party intent left out."""
    times = [moment(row["occurred_at"]) for row in rows if not row["activity_type"].startswith("intent")]
    return [time.date().isoformat() for time in times if time and time.year == 2026]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    read = Sample(folder, write_sample_company(folder))
    columns: list[str] = []
    for file in sorted((folder / "generic" / "activities").iterdir()):
        if ".csv" in file.name:
            header, *rows = csv.reader(text_of(file).splitlines())
            columns = columns or header
            read.torn += [",".join(row) for row in rows if len(row) != len(header)]
            read.activities += [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]
            continue
        for line in text_of(file).splitlines():
            try:
                read.activities.append(dict.fromkeys(columns, "") | {k: str(v) for k, v in json.loads(line).items()})
            except json.JSONDecodeError:
                read.torn.append(line)
    for file in sorted((folder / "gharchive" / "events").iterdir()):
        for line in text_of(file).splitlines():
            try:
                read.events.append(json.loads(line))
            except json.JSONDecodeError:
                read.torn.append(line)
    return read


# -- the files


def test_the_bytes_are_the_same_on_every_run(sample: Sample, tmp_path: Path) -> None:
    write_sample_company(tmp_path)

    def prints(folder: Path) -> dict[str, str]:
        return {
            str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }

    assert prints(sample.folder) == prints(tmp_path)
    assert len(prints(tmp_path)) == 17


def test_size_and_as_of_date(sample: Sample) -> None:
    assert sample.as_of == dt.date(2026, 6, 30)
    assert 120_000 <= len(sample.activities) + len(sample.events) <= 150_000
    assert 220 <= len(sample.table("accounts")) <= 320
    accounts, staff, _ = found_company()
    assert 3_500 <= sum(len(account.people) for account in accounts.values()) <= 4_500
    assert len(staff.people) == STAFF.people


def test_part_files_in_several_formats_hold_what_arrived_in_their_month(sample: Sample) -> None:
    names = {file.name for file in (sample.folder / "generic" / "activities").iterdir()}
    assert {name.split(".", 1)[1] for name in names} == {"csv", "csv.gz", "jsonl", "jsonl.gz"}
    march = [json.loads(line) for line in text_of(sample.folder / "generic/activities/2026-03.jsonl").splitlines()]
    assert {row["loaded_at"][:7] for row in march} == {"2026-03"}
    assert all(row["occurred_at"].endswith("+01:00") for row in march)


def test_the_tracked_repositories_are_set(sample: Sample) -> None:
    assert (sample.folder / "vars.yml").read_text() == 'tracked_repositories: ["northwind-build/*"]\n'


# -- agreement with the seeds


def test_every_activity_type_is_in_the_seed_but_the_planted_ones(sample: Sample) -> None:
    known = {row["activity_type"]: row["source"] for row in csv.DictReader((SEEDS / "activity_types.csv").open())}
    seen = Counter(row["activity_type"] for row in sample.activities)
    assert seen.keys() - known.keys() == set(traps.UNKNOWN_TYPES)
    assert sum(seen[kind] for kind in traps.UNKNOWN_TYPES) == traps.UNKNOWN
    with_events = {row["source"] for row in csv.DictReader((SEEDS / "sources.csv").open()) if row["half_life_days"]}
    assert {known[kind] for kind in seen if kind in known} == with_events - {"github"}


def test_the_renamed_company_is_in_the_aliases() -> None:
    aliases = {row["domain"]: row["alias_of"] for row in csv.DictReader((SEEDS / "domain_aliases.csv").open())}
    assert aliases["oldharbor.example"] == "harborline.example"


# -- nobody real


def test_all_addresses_are_on_domains_of_nobody(sample: Sample) -> None:
    hosts = {host(row) for row in sample.activities + sample.table("contacts")} - {""}
    fictional = ("bramblewick-robotics.co.uk", "wattlegrove-telemetry.com.au", "thistledown-data.co.uk")
    real = {name for name in hosts if not name.endswith(".example") and not name.endswith(fictional)}
    assert real == FREE_MAIL_HOSTS | {"users.noreply.github.com"}
    for row in sample.activities + sample.table("contacts"):
        assert host(row) not in FREE_MAIL_HOSTS or re.search(r"\.nbsample\d{4}@", row["email"])


# -- rhythm


def test_people_work_on_working_days_and_few_do_most(sample: Sample) -> None:
    done = [row for row in sample.activities if row["email"] and moment(row["occurred_at"])]
    weekdays = Counter(moment(row["occurred_at"]).weekday() for row in done)
    assert (weekdays[5] + weekdays[6]) / len(done) < 0.10
    germans = {row["account_domain"] for row in sample.table("accounts") if row["country"] == "Germany"}
    hours = Counter(moment(row["occurred_at"]).hour for row in done if host(row) in germans)
    assert sum(hours[hour] for hour in range(7, 19)) / hours.total() > 0.8  # 8 to 20 o'clock there
    at_one = sorted(Counter(row["email"] for row in done if host(row) == "saltmarsh.example").values(), reverse=True)
    assert len(at_one) > 80
    assert sum(at_one[:8]) > 0.4 * sum(at_one)


# -- traps: broken records


def test_broken_records(sample: Sample) -> None:
    assert Counter(sample.torn) == Counter([traps.TRUNCATED_CSV, traps.TRUNCATED_JSON, traps.TRUNCATED_EVENT])
    assert sum(not row["activity_id"] for row in sample.activities) == traps.MISSING_ID
    assert sorted(row["occurred_at"] for row in sample.activities if moment(row["occurred_at"]) is None) == sorted(
        traps.BAD_DATES
    )
    assert sum(not row["account_domain"] for row in sample.table("accounts")) == 1
    named = ("email", "github_login", "user_id", "anonymous_id")
    assert sum(not any(row[kind] for kind in named) for row in sample.table("contacts")) == 1


def test_repeated_and_late_records(sample: Sample) -> None:
    by_id = defaultdict(list)
    for row in sample.activities:
        if row["activity_id"]:
            by_id[row["activity_id"]].append(row)
    copies = [rows for rows in by_id.values() if len(rows) > 1]
    repeats = traps.REDELIVERED + traps.REPEATED  # a record that lost its id may be one of them
    assert repeats - traps.MISSING_ID <= sum(len(rows) - 1 for rows in copies) <= repeats
    assert len([rows for rows in copies if len({row["loaded_at"] for row in rows}) > 1]) > 0.9 * traps.REDELIVERED
    late = [
        row
        for row in sample.activities
        if (occurred := moment(row["occurred_at"])) and occurred.year > 1970
        and moment(row["loaded_at"]) - occurred > dt.timedelta(days=1)
    ]  # fmt: skip
    assert len(late) > 300
    arrived = max(moment(row["loaded_at"]) for row in sample.activities)
    assert arrived == dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    ids = Counter(event["id"] for event in sample.events)
    assert sum(count - 1 for count in ids.values()) == len([count for count in ids.values() if count == 2]) > 20


def test_impossible_times(sample: Sample) -> None:
    times = [moment(row["occurred_at"]) for row in sample.activities]
    assert sum(time.year == 1970 for time in times if time) == traps.IN_1970
    assert sum(time.date() > sample.as_of for time in times if time) == traps.AFTER_AS_OF
    assert sum(time.year == 2025 for time in times if time) == 0


# -- traps: who is who


def test_machines(sample: Sample) -> None:
    installs = Counter()
    for row in sample.activities:
        if row["user_id"] == traps.FARM and moment(row["occurred_at"]):
            installs[moment(row["occurred_at"]).date()] += int(row["count"] or 1)
    assert len(installs) == 181
    assert min(installs.values()) >= 1_500
    raw = [row for row in sample.activities if row["user_id"] == traps.FARM and not row["count"]]
    assert len({row["activity_id"] for row in raw}) == traps.FARM_INSTALLS_A_RAW_DAY * len(traps.FARM_RAW_DAYS)
    assert {row["anonymous_id"] for row in sample.activities if row["is_bot"]} == {traps.CACHE_PROBE}
    bot = sum(event["actor"]["login"] == BOT for event in sample.events)
    assert bot > 0.25 * len(sample.events)


def test_shared_identifiers(sample: Sample) -> None:
    demo = {row["anonymous_id"] for row in sample.activities if row["user_id"] == traps.DEMO_USER}
    assert len(demo) == traps.DEMO_VISITORS > 100  # more than max_identifier_links
    mailboxes = defaultdict(set)
    for row in sample.activities:
        if row["email"].partition("@")[0] in traps.SHARED_MAILBOXES:
            mailboxes[row["email"]].add(row["anonymous_id"])
    assert len(mailboxes) == traps.SHARED_MAILBOX_ACCOUNTS * len(traps.SHARED_MAILBOXES)
    assert all(len(browsers) == 3 for browsers in mailboxes.values())
    no_reply = [row for row in sample.activities if host(row) == "users.noreply.github.com"]
    assert len({row["activity_id"] for row in no_reply}) == traps.GITHUB_NO_REPLY


def test_browsers_are_identified_later(sample: Sample) -> None:
    greetings = [row for row in sample.activities if row["email"] and row["anonymous_id"] and row["user_id"]]
    assert len(greetings) > 800
    anonymous: dict[str, dt.datetime] = {}
    named: dict[str, dt.datetime] = {}
    for row in sample.activities:
        time = moment(row["occurred_at"])
        if row["anonymous_id"] and time:
            first = named if row["email"] else anonymous
            first[row["anonymous_id"]] = min(time, first.get(row["anonymous_id"], time))
    assert sum(browser in named and named[browser] > time for browser, time in anonymous.items()) > 100
    assert sum(browser not in named for browser in anonymous) > traps.STRAY_VISITORS


def test_people_who_change_jobs_and_people_who_opted_out(sample: Sample) -> None:
    contacts = sample.table("contacts")
    rows_of = defaultdict(list)
    for row in contacts:
        if row["user_id"]:
            rows_of[row["user_id"]].append(row)
    movers = [rows for rows in rows_of.values() if len(rows) > 1]
    assert len(movers) == 6
    for rows in movers:
        before, after = sorted(rows, key=lambda row: row["valid_from"])
        assert before["account_domain"] != after["account_domain"] and before["github_login"] == after["github_login"]
        acts = [(moment(row["occurred_at"]).date().isoformat(), row) for row in sample.activities
                if row["user_id"] == before["user_id"] and moment(row["occurred_at"])]  # fmt: skip
        assert {row["email"] for day, row in acts if day < after["valid_from"]} <= {"", before["email"]}
        assert {row["email"] for day, row in acts if day > after["valid_from"]} <= {"", after["email"]}
    assert sum(row["opted_out"] == "true" for row in contacts) == 14


def test_free_mail_people_are_placed_by_contacts_alone(sample: Sample) -> None:
    placed = {row["email"] for row in sample.table("contacts") if row["account_domain"]}
    used = {row["email"] for row in sample.activities if host(row) in FREE_MAIL_HOSTS}
    assert len(used) > 40
    assert used <= placed


def test_the_companys_own_people_are_known_as_such(sample: Sample) -> None:
    staff = [row for row in sample.table("contacts") if row["account_domain"] == STAFF.domain]
    assert len(staff) == STAFF.people
    assert len(sample.at(STAFF.domain)) > 1_000
    assert STAFF.domain not in {row["account_domain"] for row in sample.table("accounts")}


def test_github_events_of_others_and_of_other_eras(sample: Sample) -> None:
    foreign = [event for event in sample.events if not event["repo"]["name"].startswith("northwind-build/")]
    assert len(foreign) >= 4_000
    assert any(event["repo"]["name"].startswith("northwind-build-fans/") for event in foreign)
    pushes = [event for event in sample.events if event["type"] == "PushEvent"]
    assert all(("commits" in event["payload"]) == (event["created_at"] < "2026-02") for event in pushes)
    addresses = {commit["author"]["email"] for event in pushes for commit in event["payload"].get("commits", [])}
    assert any(re.match(r"[0-9a-f]{40}@", address) for address in addresses)
    assert any(address.endswith("@users.noreply.github.com") for address in addresses)
    users = [json.loads(line) for line in text_of(sample.folder / "gharchive" / "users.jsonl").splitlines()]
    assert len({user["login"] for user in users}) == len(users) > 500
    assert {user["login"] for user in users} <= {event["actor"]["login"] for event in sample.events}
    assert [user["login"] for user in users if user["type"] == "Bot"] == [BOT]
    companies = {user["company"] for user in users}
    assert {"Saltmarsh Systems", "@saltmarsh", "Saltmarsh Systems, Inc.", "freelance", None} <= companies


# -- stories


def test_the_stories_are_well_formed() -> None:
    assert all(story.mix in MIXES for story in [*STORIES, STAFF])
    assert all(story.curve[0][0] == 0 and story.curve[-1][0] == 180 for story in STORIES)
    assert len({story.domain for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("domain", ["brightloom.example", "copperfin.example"])
def test_accounts_that_surge_do_so_in_the_last_week(sample: Sample, domain: str) -> None:
    days = Counter(days_of(sample.at(domain)))
    last_week = sum(count for day, count in days.items() if "2026-06-24" <= day <= "2026-06-30")
    assert last_week > 40
    assert last_week > 10 * sum(count for day, count in days.items() if "2026-06-01" <= day < "2026-06-24")


def test_accounts_that_cool_and_that_fall_silent(sample: Sample) -> None:
    months = Counter(day[:7] for day in days_of(sample.at("larkspur-health.example")))
    assert months["2026-06"] < months["2026-04"] / 5
    assert max(days_of(sample.at("ironquill.example"))) <= "2026-05-16"


def test_the_account_of_one_person(sample: Sample) -> None:
    people = Counter(row["email"] for row in sample.at("onepine.example") if row["email"])
    assert people.most_common(1)[0][1] > 0.8 * people.total()


def test_the_account_of_telemetry_alone(sample: Sample) -> None:
    rows = [row for row in sample.at("coldbrook.example") if not row["activity_type"].startswith("intent")]
    assert {row["activity_type"] for row in rows} == {"telemetry_heartbeat", "telemetry_run"}
    assert not any(row["email"] or row["user_id"] or row["anonymous_id"] for row in rows)
    assert min(int(row["count"]) for row in rows) > 1


def test_the_renamed_company_changes_its_addresses_on_one_day(sample: Sample) -> None:
    before = days_of([row for row in sample.activities if host(row) == "oldharbor.example"])
    after = days_of([row for row in sample.activities if host(row) == "harborline.example"])
    assert min(before) < "2026-01-10" and max(after) > "2026-06-20"
    assert max(before) <= "2026-04-01" <= min(after)


def test_families_subdomains_and_further_domains(sample: Sample) -> None:
    accounts = {row["account_domain"]: row for row in sample.table("accounts")}
    assert accounts["granitepeak-cloud.example"]["parent_domain"] == "granitepeak.example"
    assert accounts["lumenorchard.example"]["other_domains"] == "lumen-labs.example"
    assert "copperfin.example" not in accounts
    hosts = {host(row) for row in sample.activities}
    assert {"eng.bramblewick-robotics.co.uk", "dev.wattlegrove-telemetry.com.au", "lumen-labs.example"} <= hosts


def test_deals(sample: Sample) -> None:
    deals = sample.table("opportunities")
    assert len(deals) > 60
    stalled = [row for row in deals if row["account_domain"] == "meridian-freight.example"]
    assert [(row["created_on"], row["closed_on"], row["is_won"]) for row in stalled] == [("2026-01-22", "", "")]
    assert all(row["created_on"] < row["closed_on"] <= "2026-06-30" for row in deals if row["closed_on"])
    assert {row["is_won"] for row in deals} == {"true", "false", ""}
