"""The benchmark of months delivers a feed day by day, and sees where two builds differ."""

import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "benchmark"))
from generate import AS_OF, Size, generate
from months import arrivals, differing_rows

ROWS = "select i as account_id, date '2026-01-01' as score_date, i / 3 as score, null::double as nothing"


def test_each_record_arrives_once_and_on_its_day(tmp_path):
    feed = generate(tmp_path, Size(100_000))
    folder = tmp_path / "activities"
    days = list(arrivals(feed, folder, 3))
    assert days == [AS_OF - timedelta(days=ago) for ago in (3, 2, 1, 0)]
    assert sorted(file.stem for file in folder.iterdir()) == [str(day) for day in days]
    per_file = "select filename, min(loaded_at)::date, max(loaded_at)::date, count(*)"
    files = duckdb.sql(f"{per_file} from read_parquet('{folder}/*.parquet', filename = true) group by 1 order by 1")
    firsts, lasts, counts = zip(*[row[1:] for row in files.fetchall()], strict=True)
    assert lasts == tuple(days) and firsts[1:] == tuple(days[1:]) and firsts[0] < date(2026, 1, 1)
    due = f"select count(*) from '{feed}' where loaded_at::date <= date '{AS_OF}'"
    assert sum(counts) == duckdb.sql(due).fetchone()[0]


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ("update marts.trend set score = score + 1e-12", 0),
        ("update marts.trend set score = score + 1e-6 where account_id = 2", 1),
        ("update marts.trend set nothing = 1 where account_id = 2", 1),
        ("delete from marts.trend where account_id = 2", 1),
        ("insert into marts.trend from marts.trend where account_id = 0", 1),
        ("update marts.trend set score_date = '2026-01-02' where account_id = 2", 2),
    ],
)
def test_differences_are_seen(tmp_path, change, differing):
    files = tmp_path / "daily.duckdb", tmp_path / "scratch.duckdb"
    for file in files:
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"create schema marts; create table marts.trend as {ROWS} from range(5) as n (i)")
            if file == files[0]:
                connection.execute(change)
    assert differing_rows(*files, "trend") == differing
