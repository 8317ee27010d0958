"""A data directory of one invented system, what loading it gives, and ways to damage its files."""

from __future__ import annotations

from pathlib import Path

import duckdb
from hypothesis import strategies as st

from activity_score.load import LoadResult, load
from activity_score.sources import Table

FEED = Table("shop", "visits", ("id", "at", "who", "note", "more"), required=("id",), is_activities=True)
OTHER = Table("shop", "people", ("email", "name"), required=("email",))
HEADER = b"id,at,who,note,more\n"


class Shop:
    """A data directory, and what loading it gives."""

    def __init__(self, folder: Path) -> None:
        self.data, self.database = folder / "data", folder / "work.duckdb"
        (self.data / "shop").mkdir(parents=True)

    def write(self, name: str, content: bytes) -> Path:
        file = self.data / "shop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def load(self, *tables: Table) -> LoadResult:
        self.database.unlink(missing_ok=True)
        return load(tables or (FEED, OTHER), self.data, self.database)

    def query(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def visits(self) -> list[tuple]:
        return self.query("select * from raw_shop.visits order by id, note")

    def unreadable(self) -> list[tuple[str, str]]:
        return self.query("select record, reason from raw_activity_score.unreadable_records order by reason")


def parquet(file: Path, query: str) -> None:
    duckdb.sql(f"copy ({query}) to '{file}' (format parquet)")


def zstd(content: bytes, folder: Path) -> bytes:
    """DuckDB writes zstd; its lines come out as they went in."""
    lines = duckdb.sql("select unnest($1) as line", params=[content.decode().splitlines()])  # noqa: F841 - in the SQL
    file = folder / "made.csv.zst"
    duckdb.sql(f"copy lines to '{file}' (format csv, header false, quote '', delim '\x01', compression zstd)")
    return file.read_bytes()


MUTATION = st.tuples(
    st.integers(0, 10_000), st.sampled_from([b"", b'"', b",", b"\n", b"\r", b"\xff", b"\0", b"{", b"}"])
)


def mutate(content: bytes, first: int, mutations: list[tuple[int, bytes]]) -> bytes:
    """Replace (or remove) single bytes from a position on."""
    for position, byte in mutations:
        place = first + position % (len(content) - first)
        content = content[:place] + byte + content[place + 1 :]
    return content


def lines_of(text: bytes) -> int:
    """How many lines of a file are not blank."""
    return sum(1 for line in text.split(b"\n") if line.strip())
