"""The same as the pandas script, in Polars: lazy where it can be, and a loop over the days of the trend."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import rules


def score(feed: Path, out: Path, as_of: date) -> None:
    """Score every account and day, and leave the trend in a Parquet file beside `out`.

    Args:
        feed: the activities.
        out: names the result.
        as_of: the last day of the trend.
    """
    raw = pl.scan_csv(feed, try_parse_dates=True) if feed.suffix == ".csv" else pl.scan_parquet(feed)
    mail = pl.col("email").str.split("@").list.get(1, null_on_oob=True).str.extract(r"([^.]+\.[^.]+)$")
    days = (
        raw.sort("loaded_at")
        .unique("activity_id", keep="first")
        .filter(~pl.col("is_bot").fill_null(False))
        .with_columns(
            developer=pl.coalesce("email", "github_login", "user_id", "anonymous_id"),
            account=pl.when(mail.is_in(rules.free_domains())).then(None).otherwise(mail),
            day=pl.col("occurred_at").dt.date(),
        )
        .with_columns(account=pl.coalesce("account", "account_domain"))
        .filter(pl.col("account").is_not_null())
        .group_by("account", "developer", "activity_type", "day")
        .agg(pl.col("count").sum())
        .join(pl.LazyFrame(rules.activity_types()), on="activity_type")
        .with_columns(points=pl.min_horizontal("count", "daily_cap") * pl.col("weight"))
        .collect()
    )
    totals = []
    for back in range(rules.TREND_DAYS):
        today = as_of - timedelta(days=back)
        window = days.with_columns(age=(pl.lit(today) - pl.col("day")).dt.total_days()).filter(
            pl.col("age").is_between(0, rules.WINDOW_DAYS - 1)
        )
        decayed = pl.col("points") * (2.0 ** (-pl.col("age") / pl.col("half_life_days")))
        by_source = window.group_by("account", "source").agg(decayed=decayed.sum())
        active = window.filter((pl.col("age") < rules.ACTIVE_DAYS) & (pl.col("points") > 0))
        people = active.group_by("account").agg(
            source=pl.lit("active_developers"),
            decayed=pl.col("developer").n_unique() * rules.POINTS_PER_ACTIVE_DEVELOPER,
        )
        totals.append(pl.concat([by_source, people.select(by_source.columns)]).with_columns(day=pl.lit(today)))
    shares = {name: source["share"] for name, source in rules.first_party_sources().items()}
    shares["active_developers"] = rules.breadth_share()
    trend = pl.concat(totals).with_columns(share=pl.col("source").replace_strict(shares))

    month_end = as_of.replace(day=1) - timedelta(days=1)
    at_month_end = trend.filter(pl.col("day") == month_end).group_by("account").agg(pl.col("decayed").sum())
    threshold = at_month_end["decayed"].quantile(0.9, "linear")
    scores = (
        trend.with_columns(capped=pl.min_horizontal("decayed", pl.col("share") * threshold))
        .group_by("account", "day")
        .agg(pl.col("capped").sum())
        .with_columns(activity_score=pl.min_horizontal(100 * pl.col("capped") / threshold, pl.lit(100.0)).round(2))
    )
    scores.write_parquet(out.with_suffix(".parquet"))


if __name__ == "__main__":
    rules.run(score)
