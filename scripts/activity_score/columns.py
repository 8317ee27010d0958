"""A file's columns held against the declared ones: what is missing, and which unknown one it may have become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from activity_score.errors import Problem, UserError
from activity_score.raw_files import RawFile
from activity_score.sources import Table

ALIKE = 0.8  # of two names, by difflib: occured_at and occurred_at are, user_id and url are not
TELLING = 4  # letters that a name must have to be recognized inside a longer one: id is inside too many
MAX_COLUMNS_LISTED = 6


def plain(name: str) -> str:
    """A name without what spellings differ in: createdAt, created_at and `Created At` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def words_of(name: str) -> list[str]:
    """The words of a name: those of createdAt are created and at."""
    return re.findall(r"[a-z0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name).lower())


def likeness(column: str, name: str) -> float:
    """How likely a name is another one for a column, from 0 to 1; words that both have say nothing.

    Args:
        column: the declared column.
        name: the name in a file.
    """
    if plain(column) == plain(name):
        return 1.0
    ours, theirs = words_of(column), words_of(name)
    shorter, longer = sorted((ours, theirs), key=len)
    if set(shorter) < set(longer) and 2 * len(shorter) >= len(longer) and len("".join(shorter)) >= TELLING:
        return 0.9
    own = "".join(word for word in ours if word not in theirs)
    other = "".join(word for word in theirs if word not in ours)
    return SequenceMatcher(None, own, other).ratio()


def likely_name(column: str, declared: Iterable[str], names: Sequence[str]) -> str | None:
    """The name in a file that a missing column has most likely taken; none if no unknown name is much like it.

    Args:
        column: the declared column that the file does not have.
        declared: all declared columns of the table; their names mean what they say.
        names: the names in the file.
    """
    known = {plain(other) for other in declared if other != column}
    unknown = [name for name in names if name.strip() and plain(name) not in known]
    best = max(unknown, key=lambda name: likeness(column, name), default=None)
    return best if best is not None and likeness(column, best) >= ALIKE else None


def match_columns(table: Table, names: Sequence[str], file: RawFile) -> dict[str, int]:
    """Find the declared columns among a file's own, by name; upper and lower case and spaces around do not matter.

    Args:
        table: the table with its declared columns.
        names: the names in the file.
        file: the file, for messages.

    Returns:
        The position of each declared column that the file has.

    Raises:
        UserError: a required column is missing, or a declared one is there twice.
    """
    folded = [name.strip().lower() for name in names]
    found: dict[str, int] = {}
    for column in table.columns:
        exact = [position for position, name in enumerate(names) if name == column]
        positions = exact or [position for position, name in enumerate(folded) if name == column.lower()]
        if len(positions) > 1:
            raise UserError(f"{file.label}: the column {column!r} is there {len(positions)} times; keep one of them")
        if positions:
            found[column] = positions[0]
    for group in table.needed:
        if not any(column in found for column in group):
            raise UserError(say_missing(group, table, names, file))
    return found


def say_missing(group: Sequence[str], table: Table, names: Sequence[str], file: RawFile) -> str:
    """The error line for a file without a needed column, with the name that it may have instead.

    Args:
        group: the columns of which one is needed.
        table: the table with its declared columns.
        names: the names in the file.
        file: the file.
    """
    has = ", ".join(name for name in names if name) or "none"
    likely = ((column, likely_name(column, table.columns, names)) for column in group)
    column, name = next(((column, name) for column, name in likely if name), (group[0], None))
    mend = f"rename {name!r} to {column!r}, if that is what it is" if name else "rename or add the column"
    return f"{file.label}: no column {' or '.join(repr(column) for column in group)}; it has {has}; {mend}"


def note_missing_columns(where: str, table: Table, names: Sequence[str], found: Iterable[str]) -> Iterator[Problem]:
    """Note the declared columns that a file does not have, and those that it may have under another name.

    Args:
        where: the file.
        table: the table with its declared columns.
        names: the names in the file.
        found: the declared columns that it has.
    """
    missing = missing_columns(table, found)
    passed_over = {column for column in missing if likely_name(column, table.columns, names)}
    passed_over.update(table.optional, *table.one_of)
    yield from note_other_names(where, table, names, found)
    others = [column for column in missing if column not in passed_over and not column.startswith("_")]
    if others:
        listed = ", ".join(others[:MAX_COLUMNS_LISTED])
        more = f" and {len(others) - MAX_COLUMNS_LISTED} more" if len(others) > MAX_COLUMNS_LISTED else ""
        what = f"no column{'s' if len(others) > 1 else ''} {listed}{more}, taken for null"
        yield Problem(where, what, f"add {'them' if len(others) > 1 else 'it'} if your export can", "note")


def note_other_names(where: str, table: Table, names: Sequence[str], found: Iterable[str]) -> Iterator[Problem]:
    """Note the declared columns that a file may have under another name.

    Args:
        where: the file.
        table: the table with its declared columns.
        names: the names in the file.
        found: the declared columns that it has.
    """
    for column in missing_columns(table, found):
        name = likely_name(column, table.columns, names)
        if name:
            what = f"no column {column!r}, but an unknown one {name!r}"
            yield Problem(where, what, f"rename it to {column!r} if that is what it is", "note")


def missing_columns(table: Table, found: Iterable[str]) -> list[str]:
    """The declared columns that are not there; of two spellings of one (account_id, AccountId) the first.

    Args:
        table: the table with its declared columns.
        found: the declared columns that are there.
    """
    has = {plain(column) for column in found}
    spellings = {plain(column): column for column in reversed(table.columns)}
    return [column for spelling, column in reversed(spellings.items()) if spelling not in has]
