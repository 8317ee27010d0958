"""Working days: how many sessions an account has on a day, of which kind, and what is done in one."""

from __future__ import annotations

from itertools import accumulate
from math import exp
from random import Random

from activity_score.sample.company import Account
from activity_score.sample.days import DAYS, SECONDS_PER_DAY, work_done
from activity_score.sample.feed import SECONDS_PER_HOUR, Feed
from activity_score.sample.github import GithubLog
from activity_score.sample.people import Person
from activity_score.sample.stories import MIXES, daily_levels

# What happens in a session of a kind: (activity type, how likely, at least, at most). The first step always happens.
STEPS: dict[str, list[tuple[str, float, int, int]]] = {
    "docs": [("docs_page_view", 1, 1, 5), ("docs_search", 0.35, 1, 2), ("docs_code_copied", 0.3, 1, 2),
             ("docs_api_reference_view", 0.25, 1, 2)],
    "website": [("page_view", 1, 1, 3), ("blog_view", 0.3, 1, 2), ("pricing_page_view", 0.12, 1, 2),
                ("case_study_view", 0.08, 1, 1), ("security_page_view", 0.05, 1, 1),
                ("contact_sales_page_view", 0.02, 1, 1)],
    "product": [("product_session", 1, 1, 1), ("login", 0.7, 1, 1), ("product_feature_used", 0.7, 1, 3),
                ("deployment", 0.25, 1, 2), ("project_created", 0.04, 1, 1), ("team_member_invited", 0.03, 1, 1),
                ("quota_reached", 0.01, 1, 1)],
    "install": [("package_install", 1, 1, 2), ("package_download", 0.4, 1, 2), ("container_pull", 0.35, 1, 2),
                ("cli_installed", 0.08, 1, 1)],
    "community": [("community_message", 1, 1, 2), ("community_reaction", 0.4, 1, 3), ("community_question", 0.2, 1, 1),
                  ("community_answer", 0.2, 1, 1), ("community_topic", 0.08, 1, 1)],
    "telemetry": [("telemetry_run", 1, 1, 3), ("telemetry_heartbeat", 0.5, 1, 2), ("telemetry_error", 0.15, 1, 1)],
    "email": [("email_delivered", 1, 1, 1), ("email_opened", 0.4, 1, 1), ("email_clicked", 0.1, 1, 1),
              ("email_replied", 0.01, 1, 1), ("email_unsubscribed", 0.004, 1, 1)],
    "ads": [("ad_impression", 1, 1, 2), ("ad_clicked", 0.08, 1, 1)],
    "content": [("content_downloaded", 1, 1, 1), ("video_watched", 0.4, 1, 1), ("whitepaper_downloaded", 0.25, 1, 1),
                ("webinar_attended", 0.15, 1, 1)],
    "forms": [("newsletter_subscribed", 1, 1, 1), ("webinar_registered", 0.3, 1, 1), ("form_submitted", 0.15, 1, 1),
              ("demo_requested", 0.1, 1, 1), ("contact_sales_submitted", 0.04, 1, 1)],
    "meetings": [("meeting_booked", 1, 1, 1), ("meeting_held", 0.7, 1, 1), ("call_completed", 0.3, 1, 1)],
}  # fmt: skip

PAGES = {
    "docs": ["/docs/start", "/docs/cache/remote", "/docs/cache/keys", "/docs/ci/pipelines", "/docs/ci/runners",
             "/docs/reference/cli", "/docs/reference/api", "/docs/guides/monorepo", "/docs/guides/migrate"],
    "website": ["/", "/product", "/customers", "/blog/cold-builds", "/blog/cache-hit-rates", "/about"],
}  # fmt: skip
FIXED_PAGES = {
    "pricing_page_view": "/pricing",
    "security_page_view": "/security",
    "case_study_view": "/customers/mill",
    "contact_sales_page_view": "/contact-sales",
    "docs_api_reference_view": "/docs/reference/api",
}
SITE = "https://www.northwind-build.example"

# The local hour of a session: office hours, a dip at noon, a few in the evening.
HOURS = [8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 16, 17, 17, 18, 19, 20, 21, 22]
LATE = {"install", "telemetry", "product"}  # what offline machines send in days later
GREETINGS = [("newsletter_subscribed", 0.4), ("community_joined", 0.25), ("webinar_registered", 0.1), ("signup", 0.25)]


def how_many(rng: Random, expected: float) -> int:
    """A Poisson draw (Knuth), for the small means of one account's day."""
    limit, product, drawn = exp(-expected), rng.random(), 0
    while product > limit:
        product *= rng.random()
        drawn += 1
    return drawn


def traces(account: Account, person: Person, kind: str, day: int) -> dict[str, str]:
    """The identifiers that a session of a kind leaves of a person (fields of Activity)."""
    rng = account.rng
    address = account.address(person, day)
    if kind in ("docs", "website"):
        seen = {"anonymous_id": person.anonymous_id}
        return seen | {"email": address} if rng.random() < 0.3 else seen
    if kind in ("product", "install", "telemetry"):
        seen = {"user_id": person.user_id}
        return seen | {"email": address} if rng.random() < 0.2 else seen
    if kind == "community":
        seen = {"display_name": person.name, "email": address}
        return seen | {"github_login": person.login} if rng.random() < 0.5 else seen
    return {"email": address}


def greet(account: Account, person: Person, moment: int, day: int, feed: Feed) -> None:
    """The first thing a newcomer does under their name: it ties browser, user and address together."""
    kinds, chances = zip(*GREETINGS, strict=True)
    feed.add(
        moment,
        account.rng.choices(kinds, chances)[0],
        email=account.address(person, day),
        user_id=person.user_id,
        anonymous_id=person.anonymous_id,
    )


def hold_session(account: Account, person: Person, kind: str, moment: int, day: int, feed: Feed) -> None:
    """Add the activities of one session, some seconds to minutes apart."""
    rng = account.rng
    who = traces(account, person, kind, day)
    days_late = rng.randint(1, 9) if kind in LATE and rng.random() < 0.02 else 0
    pages = PAGES.get(kind)
    for place, (activity_type, likely, least, most) in enumerate(STEPS[kind]):
        if place and rng.random() >= likely:
            continue
        for _ in range(rng.randint(least, most)):
            url = SITE + (FIXED_PAGES.get(activity_type) or rng.choice(pages)) if pages else ""
            feed.add(moment, activity_type, days_late, url=url, **who)
            moment += 15 + int(rng.random() * 240)


def live_through(account: Account, feed: Feed, log: GithubLog) -> None:
    """Add everything an account's people do in the half year."""
    rng = account.rng
    kinds = list(MIXES[account.story.mix])
    running = list(accumulate(MIXES[account.story.mix].values()))
    greeted: set[int] = set()
    for day, level in enumerate(daily_levels(account.story.curve)):
        for _ in range(how_many(rng, level * work_done(day))):
            kind = rng.choices(kinds, cum_weights=running)[0]
            person = account.someone(day)
            hour = rng.choice(HOURS) + rng.random()
            if person is None:
                continue
            moment = day * SECONDS_PER_DAY + int((hour - person.offset) * SECONDS_PER_HOUR)
            if person.arrives and person.number not in greeted:
                greeted.add(person.number)
                greet(account, person, moment - 60, day, feed)
            if kind == "github":
                log.act(rng, moment, person.login, account.address(person, day))
            else:
                hold_session(account, person, kind, moment, day, feed)


def send_company_signals(account: Account, feed: Feed) -> None:
    """Add what names only the company: aggregated telemetry every day, third-party intent in some weeks."""
    story, rng = account.story, Random(f"signals:{account.story.domain}")
    reads_elsewhere = rng.random() < 0.25
    for day in range(DAYS):
        midnight, named = day * SECONDS_PER_DAY, {"account_domain": account.host_on(day)}
        if story.telemetry:
            beats = max(1, int(story.telemetry * (0.4 + 0.6 * work_done(day)) * rng.uniform(0.8, 1.2)))
            feed.add(midnight + 4 * SECONDS_PER_HOUR, "telemetry_heartbeat", count=beats, **named)
            feed.add(midnight + 4 * SECONDS_PER_HOUR, "telemetry_run", count=max(1, beats // 6), **named)
        if reads_elsewhere and rng.random() < 0.06:
            kind = "intent_topic_surge" if rng.random() < 0.7 else "intent_review_site_visit"
            properties = f'{{"topic":"build caching","level":{rng.randint(60, 99)}}}'
            feed.add(midnight + 7 * SECONDS_PER_HOUR, kind, properties=properties, **named)
