"""What real feeds get wrong, planted in known numbers; the tests count each of them."""

from __future__ import annotations

from random import Random

from activity_score.sample.company import Account
from activity_score.sample.days import DAYS, END, SECONDS_PER_DAY, on
from activity_score.sample.feed import SECONDS_PER_HOUR, Activity, Feed

FARM = "build-fleet-03"  # the CI farm: one user of the product, thousands of installs a day
FARM_RAW_DAYS = (on(6, 9), on(6, 10))  # on which its installs came one by one
FARM_INSTALLS_A_RAW_DAY = 1_600
CACHE_PROBE = "runner-pool-7"  # a machine that says of itself that it is one
DEMO_USER = "playground"  # the login on the demo page, used by everybody; no seed names it
DEMO_VISITORS = 140
STRAY_VISITORS = 700
SHARED_MAILBOXES = ("info", "support", "noreply")
SHARED_MAILBOX_ACCOUNTS = 12
GITHUB_NO_REPLY = 60
UNKNOWN_TYPES = ("docs_scroll_depth", "nps_score_given")
UNKNOWN = 40
IN_1970 = 3
AFTER_AS_OF = 15
REDELIVERED = 200  # the same record again, in a later load
REPEATED = 60  # the same record again, byte by byte

MISSING_ID = 5
BAD_DATES = ["not-a-date", "2026-02-30T10:00:00Z", "46173.5", "2026-06-31", "", "31/06/2026 25:61"]
TRUNCATED_CSV = "act-torn-1,2026-04-17T1"
TRUNCATED_JSON = '{"activity_id":"act-torn-2","occurred_at":"2026-06-0'
TRUNCATED_EVENT = '{"id":"60000000000","type":"PushEvent","actor":{"id":1,"lo'


def run_ci_farm(feed: Feed) -> None:
    """Machines that install all day: one that looks like a user of Kelpforge, one that is flagged as a bot."""
    rng = Random("traps:farm")
    farm = {"user_id": FARM, "account_domain": "kelpforge.example"}
    for day in range(DAYS):
        if day in FARM_RAW_DAYS:
            for _ in range(FARM_INSTALLS_A_RAW_DAY):
                feed.add(day * SECONDS_PER_DAY + rng.randrange(SECONDS_PER_DAY), "package_install", **farm)
            continue
        for hour in range(0, 24, 2):
            moment = day * SECONDS_PER_DAY + hour * SECONDS_PER_HOUR
            feed.add(moment, "package_install", count=rng.randint(180, 420), **farm)
            if hour % 6 == 0:
                feed.add(
                    moment,
                    "package_download",
                    count=rng.randint(50, 90),
                    anonymous_id=CACHE_PROBE,
                    account_domain="saltmarsh.example",
                    is_bot="true",
                )


def add_strays(feed: Feed) -> None:
    """Visitors who never say who they are: read, counted nowhere, excluded for want of an account."""
    rng = Random("traps:strays")
    for _ in range(STRAY_VISITORS):
        moment, browser = rng.randrange(END), f"web-{rng.getrandbits(48):012x}"
        for _ in range(rng.randint(1, 3)):
            feed.add(moment, rng.choice(["page_view", "docs_page_view", "blog_view"]), anonymous_id=browser)
            moment += 60


def share_identifiers(accounts: list[Account], feed: Feed) -> None:
    """Identifiers that belong to many: a demo login, mailboxes of whole companies, GitHub's no-reply addresses."""
    rng = Random("traps:shared")
    accounts = [account for account in accounts if not account.story.shows]  # the named stories stay as told
    everybody = [person for account in accounts for person in account.people]
    for person in rng.sample(everybody, DEMO_VISITORS):
        moment = rng.randrange(person.arrives * SECONDS_PER_DAY, END)
        feed.add(moment, "product_session", user_id=DEMO_USER, anonymous_id=person.anonymous_id)
    crowded = [account for account in accounts if len(account.people) >= 10]
    for account in rng.sample(crowded, SHARED_MAILBOX_ACCOUNTS):
        for mailbox in SHARED_MAILBOXES:
            for person in account.people[:3]:
                moment = rng.randrange(person.arrives * SECONDS_PER_DAY, END)
                address = f"{mailbox}@{account.story.domain}"
                feed.add(moment, "content_downloaded", email=address, anonymous_id=person.anonymous_id)
    for person in rng.sample(everybody, GITHUB_NO_REPLY):
        moment = rng.randrange(person.arrives * SECONDS_PER_DAY, END)
        address = f"{7_000_000 + person.number}+{person.login}@users.noreply.github.com"
        feed.add(moment, "community_message", email=address, display_name=person.name)


def add_oddities(feed: Feed) -> None:
    """Records that read well and must not count, and records that arrive twice."""
    rng = Random("traps:oddities")
    originals = list(feed.activities)

    def plant(occurred: int, activity_type: str, like: Activity) -> None:
        number = len(feed.activities) + 1
        loaded = min(max(occurred, 0) // SECONDS_PER_HOUR * SECONDS_PER_HOUR + SECONDS_PER_HOUR, END)
        feed.activities.append(
            like._replace(activity_id=f"act-{number:07}", occurred=occurred, activity_type=activity_type, loaded=loaded)
        )

    people = [activity for activity in originals if activity.email]
    for number, like in enumerate(rng.sample(people, UNKNOWN)):
        plant(like.occurred, UNKNOWN_TYPES[number % 2], like)
    for number, like in enumerate(rng.sample(people, IN_1970)):
        plant(-60 + number, like.activity_type, like)  # before the half year: a clock never set, written as 1970
    for like in rng.sample(people, AFTER_AS_OF):
        plant(END + rng.randrange(30 * SECONDS_PER_DAY), like.activity_type, like)
    for like in rng.sample(
        [activity for activity in originals if activity.occurred < on(6, 20) * SECONDS_PER_DAY], REDELIVERED
    ):
        late = like.loaded + rng.randint(1, 3) * SECONDS_PER_DAY
        feed.activities.append(like._replace(loaded=min(late, END)))
    feed.activities += rng.sample(originals, REPEATED)


def break_rows(dates: list[list[object]], numbers: list[list[object]]) -> None:
    """Spoil rows of two part files so that no reader can accept them: the date of some, the id of others."""
    for place, text in enumerate(BAD_DATES):
        dates[100 + place * 70][1] = text
    for place in range(MISSING_ID):
        numbers[place * 50][0] = ""
