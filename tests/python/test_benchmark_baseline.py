"""The benchmark's hand-written baseline follows the rules of the scoring model: else its seconds mean nothing."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "benchmark"))
from baseline import run_baseline
from generate import AS_OF as FEED_AS_OF
from generate import Size, generate
from harness import Project
from next_day import add_next_day

from activity_score.project import Warehouse

AS_OF = date(2026, 6, 30)
BENCHMARK = Path(sys.path[0])
SEEDS = {
    "tenants": """\
tenant_id,profile,points_per_active_developer,fallback_account_threshold,fallback_developer_threshold
default,enterprise,10,100,50
""",
    "scoring_profiles": "profile,window_days\nenterprise,90\nfast,30\n",
    "sources": """\
source,party,half_life_days,max_threshold_share
github,first,14,0.6
website,first,7,0.4
active_developers,first,,0.3
intent,third,14,0.5
""",
    "activity_types": """\
activity_type,source,weight,daily_cap
star,github,2,1
visit,website,1,3
download,website,1,1000
look,website,0,1
research,intent,5,9
""",
    "free_email_domains": "domain\nfree.example\n",
}


def score(folder, activities):
    """Run the baseline on (id, days before the as-of day, type, columns) and connect to its results."""
    for name, text in SEEDS.items():
        (folder / f"{name}.csv").write_text(text)
    columns = "email", "github_login", "user_id", "anonymous_id", "account_domain", "is_bot", "count", "loaded_at"
    rows = []
    for activity_id, age, activity_type, values in activities:
        occurred_at = f"{AS_OF - timedelta(days=age)} 12:00:00"
        known = {"is_bot": False, "count": 1, "loaded_at": occurred_at, **values}
        rows.append([activity_id, occurred_at, activity_type, *[known.get(column) for column in columns]])
    feed = folder / "activities.parquet"
    with duckdb.connect() as connection:
        connection.execute("""
            create table feed (
                activity_id text, occurred_at timestamp, activity_type text, email text, github_login text,
                user_id text, anonymous_id text, account_domain text, is_bot boolean, count bigint, loaded_at timestamp
            )
        """)
        connection.executemany(f"insert into feed values ({', '.join('?' * 11)})", rows)
        connection.execute(f"copy feed to '{feed}'")
    run_baseline(feed, folder / "out.duckdb", AS_OF, folder)
    return duckdb.connect(str(folder / "out.duckdb"), read_only=True)


def only(connection, query):
    """The one value of a query."""
    return connection.execute(query).fetchone()[0]


def website_points(folder, *activities):
    """Website points of acme.example on the as-of day."""
    with score(folder, [*activities, ("keep", 0, "star", {"email": "z@acme.example"})]) as connection:
        query = "select engagement_points from account_source_scores_daily where source = 'website' and score_date = ?"
        return (connection.execute(query, [AS_OF]).fetchone() or [0])[0]


ANN = {"email": "Ann@Acme.example "}


def test_a_score_adds_up_by_hand(tmp_path):
    activities = [
        ("a1", 0, "star", ANN),
        ("a2", 0, "star", ANN),  # over the cap of one star a day
        ("a3", 7, "visit", {**ANN, "count": 5}),  # three count; half of it is left after a half-life
        ("a4", 14, "star", {"email": "bob@eng.acme.example"}),  # the subdomain is the same account: 2 / 2
        ("a5", 1, "not_in_the_seed", ANN),
        ("a6", 1, "visit", {**ANN, "is_bot": True}),
        ("a7", 1, "research", ANN),  # third party: in no score
        ("a8", 1, "visit", {"email": "eve@free.example"}),  # a developer without an account
        ("a9", -1, "star", ANN),  # after the as-of day
    ]
    with score(tmp_path, activities) as connection:
        assert connection.execute("select account, activity_score, engagement_points from accounts").fetchall() == [
            ("acme.example", pytest.approx(24.5), pytest.approx(2 + 1 + 1.5 + 2 * 10, abs=1e-12))
        ]
        assert connection.execute(
            "select source, engagement_points, score_contribution from account_source_scores_daily"
            " where score_date = '2026-06-30' order by source"
        ).fetchall() == [
            ("active_developers", 20, pytest.approx(20)),
            ("github", pytest.approx(3), pytest.approx(3)),
            ("website", pytest.approx(1.5), pytest.approx(1.5)),
        ]
        assert connection.execute("select developer, developer_points from developers order by 1").fetchall() == [
            ("ann@acme.example", pytest.approx(3.5)),
            ("bob@eng.acme.example", pytest.approx(1)),
            ("eve@free.example", pytest.approx(0.5 ** (1 / 7))),
        ]
        assert only(connection, "select activity_score from developers where developer like 'ann%'") == 7


def test_the_first_arrival_of_a_repeated_record_counts(tmp_path):
    late = {**ANN, "loaded_at": "2026-06-30 13:00:00", "count": 3}
    assert website_points(tmp_path, ("a", 0, "visit", late), ("a", 0, "visit", ANN)) == 1


def test_a_source_fills_its_share_of_the_threshold_at_most(tmp_path):
    with score(tmp_path, [("a", 0, "download", {**ANN, "count": 500})]) as connection:
        assert only(connection, "select engagement_points from accounts") == 40 + 10
        assert only(connection, "select uncapped_points from accounts") == 500 + 10
        assert only(connection, "select sum(score_contribution) from account_source_scores_daily") == 50


@pytest.mark.parametrize(("age", "points"), [(89, 0.5 ** (89 / 7)), (90, 0)])
def test_the_window_has_ninety_days(tmp_path, age, points):
    assert website_points(tmp_path, ("a", age, "visit", ANN)) == pytest.approx(points, abs=1e-12)


def test_the_trend_follows_entry_decay_and_expiry(tmp_path):
    ages = [100, 60, 60, 20]
    with score(tmp_path, [(f"a{n}", age, "visit", ANN) for n, age in enumerate(ages)]) as connection:
        trend = connection.execute(
            "select '2026-06-30'::date - score_date, engagement_points from account_source_scores_daily"
            " where source = 'website' order by 1"
        ).fetchall()
    expected = {day: sum(0.5 ** ((age - day) / 7) for age in ages if day <= age < day + 90) for day in range(90)}
    assert dict(trend) == pytest.approx(expected, abs=1e-12)


def test_active_developers_are_counted_for_thirty_days(tmp_path):
    activities = [
        ("a1", 60, "visit", ANN),
        ("a2", 31, "visit", ANN),  # 29 days later: one spell, from 60 to 31 - 29 = 2 days ago
        ("b1", 30, "visit", {"github_login": "bob", "account_domain": "acme.example"}),
        ("c1", 5, "look", {"user_id": "carol", "account_domain": "acme.example"}),  # worth no points
    ]
    with score(tmp_path, activities) as connection:
        counts = connection.execute(
            "select '2026-06-30'::date - score_date, engagement_points / 10 from account_source_scores_daily"
            " where source = 'active_developers' order by 1"
        ).fetchall()
    expected = {age: (2 <= age <= 60) + (1 <= age <= 30) for age in range(1, 61)}
    assert dict(counts) == expected


def test_thresholds_are_percentiles_of_last_months_end(tmp_path):
    end_of_may = (AS_OF - date(2026, 5, 31)).days
    activities = [
        (f"a{count}", end_of_may, "download", {"email": f"p@company-{count}.example", "count": count})
        for count in range(1, 22)
    ]
    with score(tmp_path, activities) as connection:
        half = 0.5 ** (end_of_may / 7)
        assert only(connection, "select max(developer_points) from developers") == pytest.approx(21 * half)
        best = float(only(connection, "select max(activity_score) from developers"))
        assert best == pytest.approx(100 * 21 * half / 19, abs=0.005)  # 19 is the P90 of 1 to 21
        end_score = "select max({}) from account_scores_daily where score_date = '2026-05-31'"
        # P90 of 11 to 31 is 29: each account has its count and ten points for its one active developer.
        assert only(connection, end_score.format("engagement_points")) == pytest.approx(0.4 * 29 + 0.3 * 29)
        assert only(connection, end_score.format("activity_score")) == 70


def test_the_baseline_agrees_with_the_project(tmp_path):
    """Where everybody always shows the same first identifier, the baseline's short ways make no difference."""
    project = Project(tmp_path / "project")
    feed = generate(project.data, Size(20_000, unlinked_share=0))
    run_baseline(feed, tmp_path / "baseline.duckdb", AS_OF, project.root / "seeds")
    folders = ["--data-dir", str(project.data), "--warehouse", str(project.warehouse)]
    done = project.command("build", *folders, "--as-of", str(AS_OF))
    assert done.returncode == 0, done.stderr
    marts = project.warehouse / "current" / "marts.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{marts}' as project (read_only); attach '{tmp_path}/baseline.duckdb' as baseline")
        for table, key in {"account_scores_daily": "''", "account_source_scores_daily": "source"}.items():
            found, by_project, by_baseline, difference = connection.execute(f"""
                with expected as (
                    select account, score_date, {key} as source, engagement_points
                    from baseline.{table} where engagement_points > 1e-9
                ),
                actual as (
                    select accounts.account_domain as account, score_date, {key} as source, trend.engagement_points
                    from project.marts.{table} as trend
                    inner join project.marts.accounts on trend.account_id = accounts.account_id
                    where trend.engagement_points > 1e-9
                )
                select
                    count(*), count(actual.account), count(expected.account),
                    max(abs(actual.engagement_points - expected.engagement_points))
                from expected full join actual using (account, score_date, source)
            """).fetchone()
            assert found == by_project == by_baseline > 5_000
            assert difference < 1e-6
        scores = connection.execute("""
            select count(*), max(abs(actual.activity_score - expected.activity_score))
            from project.marts.accounts as actual
            inner join baseline.accounts as expected on actual.account_domain = expected.account
        """).fetchone()
        assert scores[0] > 50
        assert scores[1] <= 0.01  # both round; a hair may fall either way


def test_the_next_day_by_hand_is_that_of_a_build(tmp_path):
    """The least that a daily run can cost is the same work: what it writes, a build publishes."""
    project = Project(tmp_path / "project")
    generate(project.data, Size(20_000))
    folders = ["--data-dir", str(project.data), "--warehouse", str(project.warehouse)]
    done = project.command("build", *folders, "--as-of", str(FEED_AS_OF))
    assert done.returncode == 0, done.stderr
    add_next_day(Warehouse(project.warehouse), tmp_path / "by_hand.duckdb")
    done = project.command("build", *folders, "--as-of", str(FEED_AS_OF + timedelta(days=1)))
    assert done.returncode == 0, done.stderr
    marts = project.warehouse / "current" / "marts.duckdb"
    compared = {
        "developer_scores_daily": ("developer_id, score_date", "activity_score, developer_points, account_id"),
        "account_source_scores_daily": (
            "account_id, score_date, source",
            "activity_count, engagement_points, score_contribution",
        ),
        "activity_ledger": ("activity_id, source_system", "decay_factor, engagement_points, score_points"),
        "developers": ("developer_id", "activity_score, as_of_date"),
    }
    with duckdb.connect() as connection:
        connection.execute(f"attach '{marts}' as built (read_only); attach '{tmp_path}/by_hand.duckdb' as by_hand")
        for table, (key, columns) in compared.items():
            # Numbers to 1e-9, all else exactly.
            values = ", ".join(
                f"count(*) filter (coalesce(abs(try_cast(ours.{name} as double) - try_cast(theirs.{name} as double))"
                f" > 1e-9, ours.{name} is distinct from theirs.{name}))"
                for name in columns.split(", ")
            )
            found, by_build, by_hand, *different = connection.execute(
                f"select count(*), count(ours.{key.split(',')[0]}), count(theirs.{key.split(',')[0]}), {values}"
                f" from built.marts.{table} as ours full join by_hand.marts.{table} as theirs using ({key})"
            ).fetchone()
            assert found == by_build == by_hand > 500, table
            assert not any(different), table


@pytest.mark.parametrize("rival", ["with_pandas", "with_polars", "every_day"])
def test_rivals_do_the_same_work(tmp_path, rival):
    """A comparison of times is one of like with like: the rival scripts publish the baseline's scores."""
    feed = generate(tmp_path / "data", Size(20_000))
    run_baseline(feed, tmp_path / "baseline.duckdb", FEED_AS_OF)
    script = BENCHMARK / "rivals" / f"{rival}.py"
    out = tmp_path / f"{rival}.duckdb"
    subprocess.run([sys.executable, script, feed, out, "--as-of", str(FEED_AS_OF)], check=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'baseline.duckdb'}' as baseline (read_only)")
        if rival == "every_day":
            connection.execute(f"attach '{out}' as rival (read_only)")
        scores = "rival.scores" if rival == "every_day" else f"'{out.with_suffix('.parquet')}'"
        day = "score_date" if rival == "every_day" else "day"
        found = connection.execute(
            "select count(*), count(theirs.account), count(ours.account),"
            " max(abs(ours.activity_score - theirs.activity_score))"
            " from baseline.account_scores_daily as ours"
            f" full join {scores} as theirs on ours.account = theirs.account and ours.score_date = theirs.{day}"
        ).fetchone()
    assert found[0] == found[1] == found[2] > 1000
    assert found[3] < 0.011  # two decimals, and a tie may fall to either side
