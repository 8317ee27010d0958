"""An analyst's file in models/segments: picked up as it is, and when it cannot be, one line that names it."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
import yaml
from harness import run_dbt

from activity_score import dbt
from activity_score.project import Project, Warehouse
from activity_score.segment_files import check_segments, segment_names

ROOT = Path(__file__).parents[2]
OURS = (
    "macros/segments",
    "macros/text/text_literal.sql",
    "models/intermediate/segments/int_segment_matches.sql",
    "models/marts/segments.sql",
)
PROJECT = """
name: activity_score
profile: tiny
models:
  activity_score:
    segments: {+materialized: view}
    intermediate: {+materialized: table}
    marts: {+materialized: table}
"""
PROFILE = """
tiny:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('ACTIVITY_SCORE_WORK_DATABASE') }}"}
"""
ACCOUNTS = """
select 'a1' as account_id, 'Acme' as account_name, 90.5::decimal(5, 2) as activity_score, true as has_surge
union all
select 'a2', 'Brook''s', 20, false
"""
HIGH = "select account_id, activity_score from {{ ref('accounts') }} where activity_score > 80\n"


class Tiny:
    """The segments part of the project, beside two accounts and no activity."""

    def __init__(self, folder: Path) -> None:
        self.root, self.warehouse = folder / "project", Warehouse(folder / "warehouse")
        self.warehouse.work.mkdir(parents=True)
        for path in OURS:
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / path).is_dir() else shutil.copy)(ROOT / path, target)
        (self.root / "dbt_project.yml").write_text(PROJECT)
        (self.root / "profiles.yml").write_text(PROFILE)
        (self.root / "models" / "accounts.sql").write_text(ACCOUNTS)
        (self.root / "models" / "int_run.sql").write_text("select 1 as as_of_day")
        self.segments = self.root / "models" / "segments"
        self.segments.mkdir()
        self.project = Project(self.root, {}, {})

    def write(self, name: str, content: str) -> None:
        (self.segments / name).write_text(content)

    def build(self) -> dbt.DbtResult:
        env = dbt.environment(self.project, self.warehouse, date(2026, 1, 31), datetime(2026, 2, 1))
        words = dbt.command(self.project, self.warehouse)
        return run_dbt(words, env, self.warehouse.target, lambda *_: None)

    def rows(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse.work_database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def problems(self) -> list[str]:
        return [str(problem) for problem in check_segments(self.project)]


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path)


def test_a_new_file_is_picked_up_and_a_removed_one_is_gone(tiny):
    tiny.write("high.sql", HIGH)
    tiny.write(
        "high.yml",
        """
models:
- name: high
  description: One row per account that it's worth to call.
  config:
    meta:
      playbook: call
      priority: 3
      export: false
      action_steps: ["Ask what they'd like.", "Call again."]
""",
    )
    done = tiny.build()
    assert done.exit_code == 0, done.faults
    assert tiny.rows("from int_segment_matches") == [("high", "a1", "activity score: 90.50")]
    definition = ("high", "One row per account that it's worth to call.", "call", 3,
                  "1. Ask what they'd like.\n2. Call again.", False)  # fmt: skip
    assert tiny.rows("from segments") == [definition]

    columns = """
select
    account_id,
    account_name,
    has_surge,
    case when has_surge then 1 / 3.0::double end as third_of_it,
    cast('infinity' as double) as endless,
    cast('nan' as double) as no_number,
    cast(null as date) as nothing,
    has_surge as "It's_surging"
from {{ ref('accounts') }}
"""
    tiny.write("everybody.sql", columns)
    tiny.write("account_ids.sql", "select account_id from {{ ref('accounts') }} where account_id = 'a2'")
    assert tiny.build().exit_code == 0
    assert sorted(tiny.rows("from int_segment_matches"), key=str) == [
        ("account_ids", "a2", None),
        ("everybody", "a1", "account name: Acme; has surge: true; third of it: 0.33; it's surging: true"),
        ("everybody", "a2", "account name: Brook's; has surge: false; it's surging: false"),
        ("high", "a1", "activity score: 90.50"),
    ]
    assert tiny.rows("select * from segments order by segment")[:2] == [
        ("account_ids", None, None, None, None, True),
        ("everybody", None, None, None, None, True),
    ]

    for file in tiny.segments.iterdir():
        file.unlink()
    assert tiny.build().exit_code == 0
    assert tiny.rows("from int_segment_matches") == tiny.rows("from segments") == []


BROKEN = [
    ("select account_id from {{ ref('accounts') }} where", "Parser Error: syntax error"),
    ("select account_id, no_such from {{ ref('accounts') }}", 'Binder Error: Referenced column "no_such" not found'),
    ("select account_id from {{ ref('acounts') }}", "which was not found"),
    ("select account_name from {{ ref('accounts') }}", "returns no column account_id; select it"),
    ("select nullif(account_id, 'a1') as account_id from {{ ref('accounts') }}", "without account_id; filter it out"),
    (
        "select 'a2' as account_id from {{ ref('accounts') }}",
        "returns account_id a2 2 times; group by account_id",
    ),
    ("select 'a3' as account_id, 1 as one", "returns account_id a3, which marts.accounts does not have"),
]


@pytest.mark.parametrize(("select", "words"), BROKEN)
def test_a_segment_that_cannot_be_used_is_one_line_that_names_it(tiny, select, words):
    tiny.write("high.sql", HIGH)
    tiny.write("broken.sql", select)
    done = tiny.build()
    assert done.exit_code == 2
    (fault,) = done.faults
    assert "models/segments/broken.sql" in fault and words in fault


def test_names_come_from_the_files(tiny):
    assert segment_names(tiny.project) == []
    for name in ("zebra.sql", "adder.sql", "adder.yml", "notes.txt"):
        tiny.write(name, "")
    assert segment_names(tiny.project) == ["adder", "zebra"]
    assert segment_names(Project(tiny.root / "elsewhere", {}, {})) == []


def test_the_shipped_segments_are_right_and_are_the_default_of_plain_dbt():
    project = Project(ROOT, {}, {})
    assert list(check_segments(project)) == []
    default = (ROOT / OURS[2]).read_text().replace("'\n    ~ '", "")
    assert f"'{','.join(segment_names(project))}'" in default


YAML = {
    "playbook: Call!, priority: 1": "high: playbook is 'Call!'; write a name of lower-case letters, digits and _, "
    "such as the segment's own",
    "playbook: call": "high has a playbook and no priority; write a whole number; the playbook with the smallest gets "
    "the account",
    "priority: soon": "high: priority is 'soon'; it must be a whole number of 1 or more",
    "priority: 0": "high: priority is 0; it must be a whole number of 1 or more",
    "action_steps: Call them.": 'high: action_steps is no list of texts; write a list of sentences, each in quotation '
    'marks: - "Call them."',
    "export: sometimes": "high: export is 'sometimes'; it must be true or false",
    "prioritiy: 1": "high: meta has the unknown key 'prioritiy'; the keys are playbook, priority, action_steps, export",
}  # fmt: skip


@pytest.mark.parametrize("meta", YAML)
@pytest.mark.parametrize("place", ["config: {meta: {%s}}", "meta: {%s}"])
def test_yaml_that_cannot_be_used_gives_its_line(tiny, meta, place):
    tiny.write("high.sql", HIGH)
    tiny.write("high.yml", f"models: [{{name: high, description: Some., {place % meta}}}]")
    assert tiny.problems() == [f"models/segments/high.yml: {YAML[meta]}"]


def test_files_that_do_not_belong_together_give_their_lines(tiny):
    tiny.write("High Value.sql", HIGH)
    tiny.write("high.sql", HIGH)
    tiny.write("broken.yml", "models: [")
    tiny.write("other.yml", "models: [{name: hihg, description: Misspelt.}, {name: high}]")
    unreadable, *rest = tiny.problems()[1:]
    assert tiny.problems()[0] == (
        "models/segments/High Value.sql: 'High Value' is no name for a segment; "
        "rename it to lower-case letters, digits and _ (its name is the segment's)"
    )
    assert unreadable.startswith("models/segments/broken.yml: not readable as YAML (")
    assert rest == [
        "models/segments/other.yml: describes 'hihg'; write models/segments/hihg.sql or remove the entry",
        "models/segments/other.yml: high has no description; say in one sentence which accounts are in it",
    ]


GUIDE = (ROOT / "docs" / "for-analysts.md").read_text(encoding="utf-8")
FILTERS = [
    code
    for line in GUIDE.partition("## Filters")[2].partition("\n\n|")[2].partition("\n\n")[0].splitlines()[2:]
    for code in re.findall("`([^`]+)`", line.split("|", maxsplit=2)[2])
]


@pytest.fixture(scope="module")
def marts():
    """Accounts and developers without rows, with the columns that their contracts promise."""
    contracts = yaml.safe_load((ROOT / "models/marts/_marts__models.yml").read_text(encoding="utf-8"))["models"]
    with duckdb.connect() as connection:
        for model in contracts:
            if model["name"] in ("accounts", "developers"):
                columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
                connection.execute(f"create table {model['name']} ({columns})")
        yield connection


def as_sql(select: str) -> str:
    return re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", select)


@pytest.mark.parametrize("condition", FILTERS)
def test_every_filter_of_the_guide_runs(marts, condition):
    assert len(FILTERS) > 30
    assert marts.execute(f"select account_id from accounts where {as_sql(condition)}").fetchall() == []


def test_the_example_of_the_guide_can_be_used(tiny, marts):
    select, meta = (GUIDE.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("sql", "yaml"))
    tiny.write("evaluating_without_deal.sql", select)
    tiny.write("evaluating_without_deal.yml", meta)
    assert tiny.problems() == []
    assert marts.execute(as_sql(select)).fetchall() == []
