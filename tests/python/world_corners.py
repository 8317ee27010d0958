"""Small worlds for the corners of identity and placement: what random worlds meet too rarely."""

from __future__ import annotations

from worlds import World
from worlds_by_hand import at, numbered

COMMIT = {"activity_type": "github_commit", "occurred_at": at(1)}
C = {"account_domain": "c.example"}


def commits(*rows: dict) -> list[dict]:
    """Commits of yesterday by these people."""
    return numbered([{**COMMIT, **row} for row in rows])


def corners() -> list[World]:
    """One world per corner; its name says which."""
    vendor = {"internal_domains": "vendor.example"}
    return [
        World(
            "crm-lists-an-alias",
            commits({"email": "a@before-a.example"}, {"email": "b@after-a.example"}),
            accounts=[{"account_domain": "before-a.example"}],
            aliases=[{"domain": "before-a.example", "alias_of": "after-a.example"}],
        ),
        World(
            "other-domain-is-an-account",
            commits({"email": "a@two.example"}, {"email": "a@one.example"}),
            accounts=[
                {"account_domain": "one.example", "other_domains": "two.example"},
                {"account_domain": "two.example"},
            ],
        ),
        World(
            "alias-to-other-domain",
            commits({"email": "a@before-b.example"}),
            accounts=[{"account_domain": "big.example", "other_domains": "after-b.example"}],
            aliases=[{"domain": "before-b.example", "alias_of": "after-b.example"}],
        ),
        World(
            "contact-at-free-mail",
            commits({"github_login": "x"}, {"github_login": "y"}),
            contacts=[
                {"github_login": "x", "account_domain": "gmail.com"},
                {"github_login": "y", "account_domain": "gmail.com", "email": "y@yco.example"},
            ],
        ),
        World(
            "internal-by-alias",
            commits({"email": "a@vendor-was.example"}, {"github_login": "z", "account_domain": "vendor-was.example"}),
            tenant=vendor,
            aliases=[{"domain": "vendor-was.example", "alias_of": "vendor.example"}],
        ),
        World(
            "internal-by-other-domain",
            commits({"email": "a@vendor-too.example"}, {"github_login": "z", "account_domain": "vendor-too.example"}),
            accounts=[{"account_domain": "vendor.example", "other_domains": "vendor-too.example"}],
            tenant=vendor,
        ),
        World(
            "internal-sub-domain",
            commits({"email": "a@eng.vendor.example"}, {"email": "b@customer.example"}),
            tenant={"internal_domains": "docs.vendor.example; second.example"},
        ),
        World(
            "no-reply-addresses",
            commits(
                {"email": "noreply@anthropic.com", **C},
                {"email": "5+copilot@users.noreply.github.com", **C},
                {"email": "plain@users.noreply.github.com", **C},
                {"email": "7+Al-ice@users.noreply.github.com", "github_login": "bob", **C},
            ),
        ),
        World(
            "opted-out-by-a-contact-of-tomorrow",
            commits({"email": "q@q.example"}),
            contacts=[
                {"email": "q@q.example", "opted_out": "true", "valid_from": "2027-01-01"},
                {"email": "only@later.example", "valid_from": "2027-01-01"},
            ],
        ),
        World(
            "shared-mailbox-opted-out",
            commits({"email": "info@r.example", "github_login": "rr"}, {"email": "info@r.example"}),
            contacts=[{"email": "info@r.example", "opted_out": "true", "job_title": "CTO"}],
        ),
        World(
            "upper-and-lower-case",
            commits(
                {"email": " Mixed@Case.EXAMPLE ", "user_id": "Abc"},
                {"email": "mixed@case.example", "user_id": "abc"},
                {"email": "mixed@case.example", "activity_type": "GitHub_Commit"},
                {"user_id": "CI-runner", "account_domain": "case.example"},
            ),
        ),
        World(
            "only-what-does-not-count",
            commits({"email": "u@u.example", "activity_type": "unheard_of"}, {"email": "m@u.eu", "is_bot": "true"}),
        ),
        World(
            "odd-domains",
            commits(
                *({"email": email} for email in ("a@city.kawasaki.jp", "b@x.foo.kawasaki.jp", "c@acme.github.io")),
                *({"email": email} for email in ("p@host", "p@10.0.0.1", "p@", "@only.example", "a@b@c.example", "x")),
                *({"github_login": "o", "account_domain": text} for text in ("co.uk", "10.0.0.1", "x.example.")),
            ),
        ),
        World(
            "titles",
            contacts=[
                {"email": f"t{number}@t.example", "job_title": title}
                for number, title in enumerate(
                    ["Chief Executive Officer", "Vice President", "President", "Head of Data", "cofounder",
                     "Sr. VP, Engineering", "Intern Developer", "Staff Engineer", " cto ", "C.T.O.", "Directory Clerk"]
                )
            ],
        ),
    ]  # fmt: skip


def many_partners(limit: int) -> World:
    """A login at the limit of partners, beside placeholders, which are no partners; and a login above the limit."""
    rows = [
        {"github_login": login, "anonymous_id": f"{login}-{number}", **C}
        for login, partners in (("at-limit", limit), ("above", limit + 1))
        for number in range(partners)
    ]
    nobody = [{"email": "noreply@c.example"}, {"user_id": "null"}, {"user_id": "undefined"}]
    return World("many-partners", commits(*rows, *({"github_login": "at-limit", **C, **no_one} for no_one in nobody)))
