"""GitHub events of the sample as GH Archive delivers them, and what the users endpoint knows of the people."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha1
from random import Random

from activity_score.sample.days import END, SECONDS_PER_DAY, on, timestamp

OWNER = "northwind-build"
OWN_REPOSITORIES = [f"{OWNER}/{name}" for name in ("cache", "cache", "cache", "runner", "cli", "docs", "setup-action")]
# Not the company's: a namesake, a fork, and the rest of the world.
FOREIGN_REPOSITORIES = ["northwind-build-fans/awesome-cache", "cold-builds-sample/cache", "sample-org/webshop",
                        "sample-org/dotfiles", "sample-games/engine"]  # fmt: skip
BOT = "depwatch[bot]"
COMMITS_UNTIL = on(2, 1)  # pushes before it come as GH Archive gave them until October 2025: with their commits

EVENTS = [  # (event type, payload action, how common)
    ("WatchEvent", "started", 3.0), ("ForkEvent", "forked", 0.8), ("IssuesEvent", "opened", 1.0),
    ("IssuesEvent", "closed", 0.5), ("IssueCommentEvent", "created", 3.0), ("PullRequestEvent", "opened", 1.2),
    ("PullRequestEvent", "closed", 0.4), ("PullRequestEvent", "merged", 0.7),
    ("PullRequestReviewEvent", "created", 0.8), ("PullRequestReviewCommentEvent", "created", 0.8),
    ("PushEvent", "", 1.5), ("CreateEvent", "", 0.4), ("CommitCommentEvent", "created", 0.1),
]  # fmt: skip
_WEIGHTS = [common for _, _, common in EVENTS]


def _stable_id(text: str) -> int:
    """A number that is the same for the same name in every run."""
    return int(sha1(text.encode()).hexdigest()[:7], 16)


@dataclass
class GithubLog:
    """Collects GitHub events.

    Attributes:
        events: (second since the first day, event as GH Archive has it).
        addresses: login: the address of the person behind it.
    """

    events: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)

    def act(self, rng: Random, moment: int, login: str, address: str, repositories: list[str] | None = None) -> None:
        """One act of a person at a repository.

        Args:
            rng: where the draws come from.
            moment: seconds since the first day; outside the half year nothing is added.
            login: who acted.
            address: their e-mail address, for commits.
            repositories: where; default the company's own.
        """
        kind, action, _ = rng.choices(EVENTS, _WEIGHTS)[0]
        self.add(rng, moment, kind, action, login, address, rng.choice(repositories or OWN_REPOSITORIES))

    def add(self, rng: Random, moment: int, kind: str, action: str, login: str, address: str, repository: str) -> None:
        """Add one event; see `act`."""
        if not 0 <= moment < END:
            return
        self.addresses.setdefault(login, address)
        number = 60_000_000_000 + len(self.events) * 7
        event = {
            "id": str(number),
            "type": kind,
            "actor": {
                "id": _stable_id(login),
                "login": login,
                "display_login": login.removesuffix("[bot]"),
                "gravatar_id": "",
                "url": f"https://api.github.com/users/{login}",
            },
            "repo": {
                "id": _stable_id(repository),
                "name": repository,
                "url": f"https://api.github.com/repos/{repository}",
            },
            "payload": payload(rng, moment, kind, action, login, address, repository),
            "public": True,
            "created_at": timestamp(moment) + "Z",
        }
        if repository.startswith(OWNER + "/"):
            event["org"] = {"id": _stable_id(OWNER), "login": OWNER, "gravatar_id": ""}
        self.events.append((moment, event))


def payload(
    rng: Random, moment: int, kind: str, action: str, login: str, address: str, repository: str
) -> dict[str, object]:
    """The part of an event that depends on its type, cut down as GitHub has delivered it since October 2025."""
    number, user = rng.randint(1, 4_000), {"login": login, "type": "User"}
    if kind == "PushEvent":
        return push(rng, moment, login, address, repository)
    if kind == "ForkEvent":
        return {"action": action, "forkee": {"full_name": f"{login}/{repository.split('/')[1]}", "owner": user}}
    if kind == "CreateEvent":
        return {"ref": f"try-{number}", "ref_type": "branch", "master_branch": "main", "pusher_type": "user"}
    page = f"https://github.com/{repository}"
    if kind == "IssuesEvent":
        return {
            "action": action,
            "issue": {
                "number": number,
                "title": "Cache miss after upgrade",
                "user": user,
                "html_url": f"{page}/issues/{number}",
            },
        }
    if kind == "IssueCommentEvent":
        return {
            "action": action,
            "issue": {"number": number, "html_url": f"{page}/issues/{number}"},
            "comment": {"user": user, "html_url": f"{page}/issues/{number}#issuecomment-1"},
        }
    if kind.startswith("PullRequest"):
        request: dict[str, object] = {"action": action, "number": number, "pull_request": {"number": number}}
        if kind == "PullRequestReviewEvent":
            request["review"] = {"state": "approved", "user": user, "html_url": f"{page}/pull/{number}"}
        if kind == "PullRequestReviewCommentEvent":
            request["comment"] = {"user": user, "html_url": f"{page}/pull/{number}#discussion_r1"}
        return request
    if kind == "CommitCommentEvent":
        return {"action": action, "comment": {"user": user, "html_url": f"{page}/commit/{number:040x}"}}
    return {"action": action}


def push(rng: Random, moment: int, login: str, address: str, repository: str) -> dict[str, object]:
    """A push; in January with its commits, whose addresses GH Archive delivers hashed, plain or as no-reply."""
    head = f"{rng.getrandbits(160):040x}"
    content: dict[str, object] = {
        "repository_id": _stable_id(repository),
        "push_id": rng.getrandbits(34),
        "ref": "refs/heads/main",
        "head": head,
        "before": f"{rng.getrandbits(160):040x}",
    }
    if moment < COMMITS_UNTIL * SECONDS_PER_DAY:
        local, _, domain = address.partition("@")
        spelled = rng.choice(
            [
                f"{sha1(local.encode()).hexdigest()}@{domain}",
                address,
                f"{_stable_id(login)}+{login}@users.noreply.github.com",
            ]
        )
        size = rng.randint(1, 3)
        commit = {"author": {"email": spelled, "name": login}, "message": "Use the remote cache", "distinct": True}
        content |= {
            "size": size,
            "distinct_size": size,
            "commits": [{"sha": f"{rng.getrandbits(160):040x}", **commit} for _ in range(size)],
        }
    return content


def roam(log: GithubLog, people: list[tuple[str, str]]) -> None:
    """Events at repositories of others, by the same people and by strangers: none of them may count."""
    rng = Random("github:foreign")
    strangers = [(f"stranger-nb{number}", f"dev{number}@stranger-{number % 40}.example") for number in range(400)]
    for _ in range(4_000):
        login, address = rng.choice(people if rng.random() < 0.5 else strangers)
        log.act(rng, rng.randrange(END), login, address, FOREIGN_REPOSITORIES)


def run_bot(log: GithubLog) -> None:
    """The loud bot: some twenty pull requests, comments and pushes on each and every day."""
    rng = Random("github:bot")
    acts = [
        ("PullRequestEvent", "opened"),
        ("IssueCommentEvent", "created"),
        ("PushEvent", ""),
        ("PullRequestEvent", "closed"),
    ]
    for day in range(END // SECONDS_PER_DAY):
        for _ in range(rng.randint(14, 26)):
            kind, action = rng.choice(acts)
            moment = day * SECONDS_PER_DAY + rng.randrange(SECONDS_PER_DAY)
            log.add(rng, moment, kind, action, BOT, "bot@depwatch.example", rng.choice(OWN_REPOSITORIES))


def lines(log: GithubLog) -> list[tuple[int, str]]:
    """The events in the order of time as (second, JSON line)."""
    encode = json.JSONEncoder(separators=(",", ":")).encode
    return [(moment, encode(event)) for moment, event in sorted(log.events, key=lambda item: item[0])]
