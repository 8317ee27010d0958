"""Runs a model's SQL in plain DuckDB, past dbt, so that a test can run it hundreds of times."""

from __future__ import annotations

from pathlib import Path

import jinja2

ROOT = Path(__file__).parents[2]


def rendered(model: str) -> str:
    """The SQL of a model, in which every `ref` and `source` is the table of that name.

    Args:
        model: path of the model's file below `models`.
    """
    days = {
        "to_day": lambda moment: f"cast(cast({moment} as date) - date '1970-01-01' as integer)",
        "to_date": lambda day: f"(date '1970-01-01' + cast({day} as integer))",
    }
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)
    template = environment.from_string((ROOT / "models" / model).read_text(encoding="utf-8"))
    return template.render(ref=lambda name: name, source=lambda _, name: f"raw_{name}", **days)
