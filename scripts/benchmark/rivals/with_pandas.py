"""How people do it in a notebook: one data frame, and a loop over the days of the trend.

Like the baseline it takes the first identifier for the person and the last two labels of the domain for the account.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import rules


def score(feed: Path, out: Path, as_of: date) -> None:
    """Score every account and day, and leave the trend in a Parquet file beside `out`.

    Args:
        feed: the activities.
        out: names the result.
        as_of: the last day of the trend.
    """
    raw = duckdb.sql(f"select * from '{feed}'").df()
    raw = raw.sort_values("loaded_at").drop_duplicates("activity_id")
    raw = raw[~raw["is_bot"].fillna(False)]
    raw["developer"] = raw["email"].fillna(raw["github_login"]).fillna(raw["user_id"]).fillna(raw["anonymous_id"])
    mail = raw["email"].str.split("@").str[1].str.extract(r"([^.]+\.[^.]+)$", expand=False)
    raw["account"] = mail.where(~mail.isin(rules.free_domains())).fillna(raw["account_domain"])
    raw["day"] = raw["occurred_at"].dt.normalize()
    types = pd.DataFrame(rules.activity_types())
    keys = ["account", "developer", "activity_type", "day"]
    days = raw.groupby(keys, as_index=False)["count"].sum().merge(types, on="activity_type")
    days["points"] = days[["count", "daily_cap"]].min(axis=1) * days["weight"]

    sources = pd.DataFrame(rules.first_party_sources()).T.rename_axis("source").reset_index()
    totals = []
    for back in range(rules.TREND_DAYS):
        today = pd.Timestamp(as_of - timedelta(days=back))
        age = (today - days["day"]).dt.days
        window = days[(age >= 0) & (age < rules.WINDOW_DAYS)].assign(age=age)
        window["decayed"] = window["points"] * 2 ** (-window["age"] / window["half_life_days"])
        by_source = window.groupby(["account", "source"], as_index=False)["decayed"].sum()
        active = window[(window["age"] < rules.ACTIVE_DAYS) & (window["points"] > 0)]
        people = active.groupby("account", as_index=False)["developer"].nunique()
        people["decayed"] = people.pop("developer") * rules.POINTS_PER_ACTIVE_DEVELOPER
        totals.append(pd.concat([by_source, people.assign(source="active_developers")]).assign(day=today))
    trend = pd.concat(totals).merge(sources[["source", "share"]], on="source", how="left")
    trend["share"] = trend["share"].fillna(rules.breadth_share())

    month_end = pd.Timestamp(as_of.replace(day=1) - timedelta(days=1))
    threshold = trend[trend["day"] == month_end].groupby("account")["decayed"].sum().quantile(0.9)
    trend["capped"] = trend["decayed"].clip(upper=trend["share"] * threshold)
    scores = trend.groupby(["account", "day"], as_index=False)["capped"].sum()
    scores["activity_score"] = (100 * scores["capped"] / threshold).clip(upper=100).round(2)
    duckdb.sql(f"copy scores to '{out.with_suffix('.parquet')}'")


if __name__ == "__main__":
    rules.run(score)
