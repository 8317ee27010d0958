"""The history of segments and the tasks made from it, against plain Python, on histories drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import numpy as np
import pytest
from rendered import rendered

FIRST = date(2026, 3, 1)
SEGMENTS = {  # playbook and priority
    "deal": ("close", 10),
    "surge": ("answer", 20),
    "visits": ("answer", 30),
    "a list": (None, None),
}
ACCOUNTS = ("acme", "brook", "cedar", "dune")
DISQUALIFIED = "dune"
Member = tuple[str, str]
Change = tuple[str, str, str, date]
Episode = tuple[str, str, date, date | None, bool, bool]


class Warehouse:
    """The tables that the two models read, and what they write."""

    def __init__(self) -> None:
        self.database = duckdb.connect()
        self.changes_sql = rendered("marts/segment_changes.sql")
        self.episodes_sql = rendered("marts/playbook_episodes.sql")
        self.database.execute(
            """
            create table raw_segment_changes (segment text, account_id text, change text, changed_on date);
            create table raw_publications (as_of_date date);
            create table int_segment_matches (segment text, account_id text);
            create table int_run (as_of_date date, as_of_day integer);
            create table segment_changes (segment text, account_id text, change text, changed_on date);
            create table segments (segment text, playbook text, priority integer);
            create table accounts (account_id text, tenant_id text, lifecycle_stage text);
            create table int_route_settings (tenant_id text, reopen_after_days integer);
            """
        )
        self.insert("segments", [(segment, *playbook) for segment, playbook in SEGMENTS.items()])
        stages = [(name, "default", "Disqualified" if name == DISQUALIFIED else None) for name in ACCOUNTS]
        self.insert("accounts", stages)

    def insert(self, table: str, rows: list[tuple]) -> None:
        """Fill a table with rows in place of what it holds."""
        self.database.execute(f"delete from {table}")
        if rows:
            places = ", ".join("?" for _ in rows[0])
            self.database.executemany(f"insert into {table} values ({places})", rows)

    def run(self, day: date, members: set[Member]) -> list[Change]:
        """Build a day: the changes as published, which the next build begins with."""
        self.insert("int_run", [(day, (day - date(1970, 1, 1)).days)])
        self.insert("int_segment_matches", sorted(members))
        found = self.database.execute(self.changes_sql).fetchall()
        self.insert("raw_segment_changes", found)
        self.insert("segment_changes", found)
        self.database.execute("insert into raw_publications values (?)", [day])
        return sorted(found)

    def episodes(self, day: date, reopen_after_days: int) -> list[Episode]:
        """The episodes as of a day, from the changes of the last run."""
        self.insert("int_run", [(day, (day - date(1970, 1, 1)).days)])
        self.insert("int_route_settings", [("default", reopen_after_days)])
        columns = "account_id, playbook, episode_started_on, left_on, is_over, is_routed"
        query = f"select {columns} from ({self.episodes_sql}) as episodes"
        return sorted(self.database.execute(query).fetchall(), key=repr)


def differences_day_by_day(members_by_day: dict[date, set[Member]]) -> list[Change]:
    """What happened: of each built day, in the order of days, who came and who went."""
    changes: list[Change] = []
    before: set[Member] = set()
    for day, members in sorted(members_by_day.items()):
        changes += [(*member, "entered", day) for member in members - before]
        changes += [(*member, "left", day) for member in before - members]
        before = members
    return sorted(changes)


def episodes_day_by_day(members_by_day: dict[date, set[Member]], as_of: date, reopen_after_days: int) -> list[Episode]:
    """Walk through the calendar and keep a task open until its account has been out for so many days."""
    built = {day: members for day, members in members_by_day.items() if day <= as_of}
    episodes: dict[tuple[str, str], list[dict]] = {}
    for account in ACCOUNTS:
        for playbook in ("close", "answer"):
            members: set[Member] = set()
            open_episode: dict | None = None
            for number in range((as_of - FIRST).days + 1):
                day = FIRST + timedelta(days=number)
                members = built.get(day, members)  # on a day that was not built nothing is known to have changed
                is_in = any((segment, account) in members for segment in SEGMENTS if SEGMENTS[segment][0] == playbook)
                if open_episode and open_episode["left"] and (day - open_episode["left"]).days >= reopen_after_days:
                    open_episode["over"] = True
                    open_episode = None
                if is_in:
                    if open_episode is None:
                        open_episode = {"started": day, "left": None, "over": False}
                        episodes.setdefault((account, playbook), []).append(open_episode)
                    open_episode["left"] = None
                elif open_episode and open_episode["left"] is None:
                    open_episode["left"] = day
    return sorted(rows_of(episodes), key=repr)


def rows_of(episodes: dict[tuple[str, str], list[dict]]) -> Iterator[Episode]:
    """The episodes as rows; of the open ones of an account, `close` is the more urgent."""
    for (account, playbook), found in episodes.items():
        other_is_open = any(not episode["over"] for episode in episodes.get((account, "close"), []))
        for episode in found:
            is_first = playbook == "close" or not other_is_open
            is_routed = not episode["over"] and is_first and account != DISQUALIFIED
            yield account, playbook, episode["started"], episode["left"], episode["over"], is_routed


def random_members(random: np.random.Generator, segments: list[str]) -> set[Member]:
    """Each account is in each segment with a chance of one half; at times nobody is in any."""
    if random.random() < 0.1:
        return set()
    return {(segment, account) for segment in segments for account in ACCOUNTS if random.random() < 0.5}


@pytest.mark.parametrize("seed", range(40))
def test_any_order_of_runs_gives_the_history_of_the_days(seed):
    """Days in any order, some again and with another outcome, a segment that comes late or goes: always the plain
    difference from built day to built day."""
    random = np.random.default_rng(seed)
    warehouse, members_by_day = Warehouse(), {}
    days = [FIRST + timedelta(days=int(number)) for number in random.choice(25, 8, replace=False)]
    for day in [days[int(random.integers(len(days)))] for _ in range(20)]:
        segments = [segment for segment in SEGMENTS if random.random() < 0.9]
        again = random.random() < 0.4 and day in members_by_day
        members_by_day[day] = members_by_day[day] if again else random_members(random, segments)
        assert warehouse.run(day, members_by_day[day]) == differences_day_by_day(members_by_day)


@pytest.mark.parametrize("seed", range(40))
def test_tasks_open_and_close_as_in_a_walk_through_the_days(seed):
    random = np.random.default_rng([seed, 1])
    warehouse, members_by_day = Warehouse(), {}
    reopen_after_days = int(random.integers(1, 9))
    for number in range(30):
        day = FIRST + timedelta(days=number)
        if number == 0 or random.random() < 0.8:
            kept = members_by_day[max(members_by_day)] if members_by_day else set()
            drawn = random_members(random, list(SEGMENTS))
            members_by_day[day] = {member for member in kept | drawn if random.random() < 0.7}
            warehouse.run(day, members_by_day[day])
    for as_of in (FIRST + timedelta(days=12), FIRST + timedelta(days=29)):
        expected = episodes_day_by_day(members_by_day, as_of, reopen_after_days)
        assert warehouse.episodes(as_of, reopen_after_days) == expected
        routed = [episode[0] for episode in expected if episode[-1]]
        assert len(routed) == len(set(routed)) > 0
