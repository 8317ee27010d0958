"""What the seeds as shipped promise: names others build on, reasons in every row, patterns that spare people."""

import csv
import re
from fnmatch import fnmatchcase
from pathlib import Path

import duckdb
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
EVENT_SOURCES = [
    "github",
    "documentation",
    "website",
    "forms",
    "product_usage",
    "product_installation",
    "community",
    "telemetry",
    "email",
    "ads",
    "content",
    "meetings",
]
LONGEST_WINDOW = 90  # days, of the default profile


def rows(seed):
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_key(seed):
    return {next(iter(row.values())): row for row in rows(seed)}


def matching(seed, kind, value):
    """The patterns that hit a value. In a pattern only * is special."""
    return [
        row["pattern"]
        for row in rows(seed)
        if row["identifier_kind"] == kind and fnmatchcase(value, re.sub(r"([\[?])", r"[\1]", row["pattern"]))
    ]


def tags_of(title):
    return {
        row["developer_tag"]
        for row in rows("developer_tags")
        if row["title_pattern"]
        and duckdb.execute(f"select regexp_matches('{title.lower()}', '{row['title_pattern']}')").fetchone()[0]
    }


def test_the_description_of_every_seed_names_its_columns():
    files = [yaml.safe_load(file.read_text()) for file in SEEDS.glob("_*seeds.yml")]
    declared = {seed["name"]: seed for file in files for seed in file["seeds"]}
    assert set(declared) == {file.stem for file in SEEDS.glob("*.csv")}
    for name, seed in declared.items():
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert list(seed["config"]["column_types"]) == [column["name"] for column in seed["columns"]] == header
        assert all(column["description"] for column in seed["columns"])


@pytest.mark.parametrize("seed", sorted(file.stem for file in SEEDS.glob("*.csv") if file.stem != "public_suffixes"))
def test_every_row_says_why(seed):
    reason = "reason" if seed == "score_models" else "comment"
    assert [row for row in rows(seed) if not row[reason]] == []


def test_every_source_of_the_contract_is_there():
    sources = by_key("sources")
    assert set(sources) == {*EVENT_SOURCES, "active_developers", "intent"}
    assert {name for name, row in sources.items() if row["party"] == "third"} == {"intent"}
    assert {row["source"] for row in rows("activity_types")} == set(sources) - {"active_developers"}


def test_at_most_six_percent_of_a_point_are_left_at_the_edge_of_the_window():
    half_lives = {
        name: float(row["half_life_days"]) for name, row in by_key("sources").items() if row["half_life_days"]
    }
    assert all(2 ** (-LONGEST_WINDOW / half_life) < 0.06 for half_life in half_lives.values())
    assert half_lives["website"] < half_lives["github"] < half_lives["forms"] <= half_lives["meetings"]


@pytest.mark.parametrize(
    ("activity_type", "lowest", "highest"),
    [
        ("github_star", 1, 2),
        ("github_fork", 4, 10),
        ("github_issue_opened", 8, 10),
        ("github_issue_comment", 4, 6),
        ("github_pull_request_opened", 8, 10),
        ("github_pull_request_review", 8, 8),
        ("github_commit", 2, 6),
        ("community_question", 8, 10),
        ("community_answer", 4, 6),
        ("community_message", 6, 6),
        ("community_reaction", 1, 1),
        ("form_submitted", 50, 50),
        ("page_view", 1, 1),
        ("content_downloaded", 3, 3),
        ("email_opened", 0, 1),
        ("email_delivered", 0, 0),
        ("email_unsubscribed", 0, 0),
        ("ad_impression", 0, 0),
    ],
)
def test_weights_lie_where_others_put_them(activity_type, lowest, highest):
    assert lowest <= float(by_key("activity_types")[activity_type]["weight"]) <= highest


def test_requests_for_a_talk_weigh_most():
    weights = {name: float(row["weight"]) for name, row in by_key("activity_types").items()}
    assert [name for name, weight in weights.items() if weight == max(weights.values())] == [
        "demo_requested",
        "contact_sales_submitted",
    ]
    pages = {name: weight for name, weight in weights.items() if name.endswith("_view")}
    assert sorted(pages, key=pages.get)[-3:] == ["pricing_page_view", "billing_page_view", "contact_sales_page_view"]


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        ("CTO", {"C-Level", "Buyer"}),
        ("Co-Founder & CEO", {"C-Level"}),
        ("Chief Information Security Officer", {"C-Level", "Buyer", "Security"}),
        ("President", {"C-Level"}),
        ("Vice President, Engineering", {"VP", "Buyer"}),
        ("SVP Sales", {"VP"}),
        ("Director", {"Director"}),
        ("Director of Engineering", {"Director", "Buyer"}),
        ("Head of Platform", {"Director", "Buyer"}),
        ("Procurement Lead", {"Buyer"}),
        ("Engineering Manager", {"Manager"}),
        ("Senior Software Engineer", {"Developer"}),
        ("Full Stack Developer", {"Developer"}),
        ("Site Reliability Engineer", {"DevOps"}),
        ("Software Engineer Intern", {"Developer", "Student"}),
        ("Solutions Architect", {"Architect"}),
        ("Victor Ctopolis Factory Worker", set()),
        ("Internal Auditor", set()),
        ("Accountant", set()),
    ],
)
def test_titles_get_their_tags(title, tags):
    assert tags_of(title) == tags


def test_roles_weigh_as_others_have_them():
    weights = {name: float(row["role_weight"]) for name, row in by_key("developer_tags").items()}
    assert [weights[name] for name in ("C-Level", "VP", "Director", "Developer")] == [2, 1.5, 1.25, 1]
    assert weights["Buyer"] > 1


@pytest.mark.parametrize(
    "login",
    [
        "dependabot[bot]",
        "renovate[bot]",
        "istio-testing",
        "minikube-bot",
        "k8s-ci-robot",
        "acme-ci",
        "ci-acme",
        "github-actions",
        "copilot",
        "codecov-io",
        "snyk-scan",
        "greenkeeperio",
    ],
)
def test_bots_are_known_by_their_login(login):
    assert matching("bot_patterns", "github_login", login)


@pytest.mark.parametrize(
    "login",
    [
        "abbott",
        "talbot",
        "jabot",
        "cibot",
        "botticelli",
        "cicero",
        "luci",
        "marci",
        "citrus",
        "renovator",
        "jenkinson",
        "vercelli",
        "robotnik",
        "ada-lovelace",
    ],
)
def test_people_are_no_bots(login):
    assert matching("bot_patterns", "github_login", login) == []


@pytest.mark.parametrize(
    ("address", "is_bot"),
    [
        ("49699333+dependabot[bot]@users.noreply.github.com", True),
        ("noreply@anthropic.com", True),
        ("cursoragent@cursor.com", True),
        ("release-bot@acme.example", True),
        ("talbot@acme.example", False),
        ("j.abbott@acme.example", False),
        ("1234+grace@users.noreply.github.com", False),
        ("paul.jenkins@acme.example", False),
    ],
)
def test_bots_are_known_by_their_address(address, is_bot):
    assert bool(matching("bot_patterns", "email", address)) == is_bot


@pytest.mark.parametrize(
    ("kind", "value", "is_shared"),
    [
        ("email", "info@acme.example", True),
        ("email", "no-reply@acme.example", True),
        ("email", "notifications@noreply.github.com", True),
        ("email", "1234+grace@users.noreply.github.com", False),
        ("email", "information.desk@acme.example", False),
        ("email", "grace@acme.example", False),
        ("user_id", "null", True),
        ("user_id", "0", True),
        ("user_id", "-1", True),
        ("user_id", "n/a", True),
        ("user_id", "u-1", False),
        ("anonymous_id", "undefined", True),
        ("anonymous_id", "00000000-0000-0000-0000-000000000000", True),
        ("anonymous_id", "7f0c", False),
    ],
)
def test_shared_identifiers(kind, value, is_shared):
    assert bool(matching("shared_identifiers", kind, value)) == is_shared


def test_addresses_of_nobody_are_told_from_shared_mailboxes():
    is_no_reply = {row["pattern"]: row["is_no_reply"] for row in rows("shared_identifiers")}
    assert is_no_reply["no-reply@*"] == "true"
    assert is_no_reply["info@*"] == "false"  # read by people: its domain is their employer


def test_only_the_star_is_special_in_patterns():
    for seed in ("shared_identifiers", "bot_patterns"):
        assert [row["pattern"] for row in rows(seed) if "%" in row["pattern"] or "\\" in row["pattern"]] == []


def test_every_signal_has_its_model_and_is_published():
    shared = {"activities", "groups", "people"}
    models = ROOT / "models"
    files = {file.stem.removeprefix("int_signal_") for file in (models / "intermediate" / "signals").glob("*.sql")}
    published = set(re.findall(r"^    '(\w+)',$", (models / "marts" / "account_signals.sql").read_text(), re.MULTILINE))
    assert set(by_key("signals")) == files - shared == published


def test_signals_leave_out_what_third_parties_saw():
    sources = {name: row["source"] for name, row in by_key("activity_types").items()}
    assert "intent" not in {sources[row["activity_type"]] for row in rows("signal_activity_types")}


@pytest.mark.parametrize(
    ("title", "is_senior"),
    [("CTO", True), ("VP Sales", True), ("Head of Platform", True), ("Procurement Lead", True), ("Team Lead", False),
     ("Principal Engineer", False), ("Software Engineer Intern", False)],
)  # fmt: skip
def test_who_is_senior_by_title(title, is_senior):
    assert any(by_key("developer_tags")[tag]["is_senior"] == "true" for tag in tags_of(title)) == is_senior
