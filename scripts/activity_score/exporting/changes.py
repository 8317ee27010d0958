"""What changed between two builds: rows that were added, removed or changed."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from activity_score.sources import quote

TOLERANCE = 1e-9  # two builds of the same data agree on doubles to this much, not to the last bit


def changed_rows(
    connection: duckdb.DuckDBPyConnection, now: str, then: str, key: Sequence[str], ignored: Sequence[str] = ()
) -> str:
    """A select of the rows that differ, with a column `change` in front: `added`, `removed` or `changed`.

    A removed row shows what it last was. A column that only one of the builds has is not compared.

    Args:
        connection: the engine.
        now: the rows of the newer build.
        then: those of the older one.
        key: the columns that name a row; without them a changed row counts as removed and added.
        ignored: columns whose change alone is none.
    """
    newer, older = _types(connection, now), _types(connection, then)
    compared = [name for name in newer if name in older and name not in ignored]
    key = [name for name in key if name in newer and name in older] or compared
    matched = " and ".join(f"now.{quote(name)} is not distinct from earlier.{quote(name)}" for name in key)
    differs = [_differs(quote(name), newer[name]) for name in compared if name not in key]
    columns = ", ".join(
        f"case when now.is_there then now.{quote(name)} else cast(earlier.{quote(name)} as {kind}) end as {quote(name)}"
        if name in older
        else f"now.{quote(name)}"
        for name, kind in newer.items()
    )
    return (
        "select case when earlier.is_there is null then 'added' when now.is_there is null then 'removed'"
        f" else 'changed' end as change, {columns}"
        f" from (select true as is_there, * from ({now})) as now"
        f" full outer join (select true as is_there, * from ({then})) as earlier on {matched}"
        f" where now.is_there is null or earlier.is_there is null or {' or '.join(differs) or 'false'}"
    )


def _types(connection: duckdb.DuckDBPyConnection, select: str) -> dict[str, str]:
    columns = connection.execute(f"select * from ({select}) limit 0").description
    return {name: str(kind) for name, kind, *_ in columns}


def _differs(column: str, kind: str) -> str:
    if kind not in ("DOUBLE", "FLOAT"):
        return f"now.{column} is distinct from earlier.{column}"
    size = f"greatest(1, abs(now.{column}), abs(earlier.{column}))"
    return (
        f"(now.{column} is null) <> (earlier.{column} is null)"
        f" or abs(now.{column} - earlier.{column}) > {TOLERANCE} * {size}"
    )
