"""The usual SQL: activities joined with every day of the trend that they count on, then grouped."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import rules

QUERY = """
create table scores as
with first_arrivals as (
    select * from feed
    qualify row_number() over (partition by activity_id order by loaded_at) = 1
),

activities as (
    select
        coalesce(email, github_login, user_id, anonymous_id) as developer,
        case
            when nullif(regexp_extract(split_part(email, '@', 2), '[^.]+\\.[^.]+$'), '') not in (from free_domains)
                then nullif(regexp_extract(split_part(email, '@', 2), '[^.]+\\.[^.]+$'), '')
            else account_domain
        end as account,
        activity_type,
        occurred_at::date as activity_date,
        sum("count") as activity_count
    from first_arrivals
    where not coalesce(is_bot, false)
    group by all
),

points as (
    select *, weight * least(activity_count, daily_cap) as points
    from activities
    inner join types using (activity_type)
    where account is not null
),

every_day as (
    select
        account,
        developer,
        source,
        trend.score_date,
        score_date - activity_date as age,
        points,
        points * pow(2, -(score_date - activity_date) / half_life_days) as decayed
    from points
    inner join trend
        on trend.score_date >= points.activity_date and trend.score_date < points.activity_date + {window}
),

by_source as (
    select account, source, score_date, sum(decayed) as decayed
    from every_day
    group by all
    union all
    select
        account,
        'active_developers',
        score_date,
        {heads} * count(distinct case when age < {active} and points > 0 then developer end)
    from every_day
    group by all
),

threshold as (
    select quantile_cont(total, 0.9) as threshold
    from (select sum(decayed) as total from by_source where score_date = date '{month_end}' group by account)
)

select
    account,
    score_date,
    round(least(100, 100 * sum(least(decayed, share * threshold)) / any_value(threshold)), 2) as activity_score
from by_source
inner join shares using (source)
cross join threshold
group by account, score_date
"""


def score(feed: Path, out: Path, as_of: date) -> None:
    """Score every account and day, and leave the trend in a new DuckDB file.

    Args:
        feed: the activities.
        out: the file to write.
        as_of: the last day of the trend.
    """
    types, sources = rules.activity_types(), rules.first_party_sources()
    shares = {**{name: source["share"] for name, source in sources.items()}, "active_developers": rules.breadth_share()}
    out.unlink(missing_ok=True)
    with duckdb.connect(str(out)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"create temp view feed as from '{feed}'")
        connection.execute("create temp table free_domains (domain varchar)")
        connection.executemany("insert into free_domains values (?)", [[domain] for domain in rules.free_domains()])
        connection.execute(
            "create temp table types (activity_type varchar, source varchar, weight double, daily_cap bigint,"
            " half_life_days double)"
        )
        connection.executemany("insert into types values (?, ?, ?, ?, ?)", [list(row.values()) for row in types])
        connection.execute("create temp table shares (source varchar, share double)")
        connection.executemany("insert into shares values (?, ?)", [list(item) for item in shares.items()])
        connection.execute(
            f"create temp table trend as select (date '{as_of}' - range::integer) as score_date"
            f" from range({rules.TREND_DAYS})"
        )
        words = {"window": rules.WINDOW_DAYS, "active": rules.ACTIVE_DAYS, "heads": rules.POINTS_PER_ACTIVE_DEVELOPER}
        month_end = as_of.replace(day=1) - timedelta(days=1)
        connection.execute(QUERY.format(**words, month_end=month_end))


if __name__ == "__main__":
    rules.run(score)
