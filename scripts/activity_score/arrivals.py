"""What has arrived since the last build: which raw files must be read, and which raw tables read anew.

A file counts as known while its size and time, or failing that its bytes, are those it was read with. Tables that are
declared `append` (`config: {meta: {append: true}}`) hold only what arrived since: their rows stand alone, so a new
file only adds some. All other tables keep all their rows and are read anew when a file of theirs changed. A system
whose activities cannot be told apart by arrival is said to be restated: its records are compared as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from activity_score.raw_files import RawFile
from activity_score.sources import Table

_BLOCK = 1 << 20
# Of these a longer file can be told to be the old one with lines behind.
_GROWING = ("csv", "tsv", "jsonl")


@dataclass(frozen=True)
class KnownFile:
    """A raw file as it was when it was read.

    Attributes:
        system: the source system.
        table: the raw table.
        label: its path below the data directory.
        size: bytes.
        modified: time of the last change, in nanoseconds.
        digest: BLAKE2b of its bytes, as hex text.
    """

    system: str
    table: str
    label: str
    size: int
    modified: int
    digest: str


@dataclass
class Arrived:
    """What is to be done with one raw table.

    Attributes:
        files: the files to read, in whole.
        grown: files of which only what was added is to be read, with the number of bytes that are known.
    """

    files: list[RawFile] = field(default_factory=list)
    grown: list[tuple[RawFile, int]] = field(default_factory=list)


@dataclass
class Arrivals:
    """What is to be read.

    Attributes:
        tables: per raw table, what to do; a table that is not here stays as it is.
        restated: systems whose records must be compared as a whole.
        known: every file as it is now.
    """

    tables: dict[Table, Arrived] = field(default_factory=dict)
    restated: list[str] = field(default_factory=list)
    known: list[KnownFile] = field(default_factory=list)


def find_arrivals(files: Mapping[Table, Sequence[RawFile]], known: Iterable[KnownFile] | None) -> Arrivals:
    """Compare the files with those of the last build.

    Args:
        files: the files of every declared table.
        known: the files of the last build; None reads everything.
    """
    arrivals = Arrivals()
    before = {(file.system, file.table, file.label): file for file in known or ()}
    changed: dict[Table, list[RawFile]] = {}
    grown: dict[Table, list[tuple[RawFile, int]]] = {}
    replaced: set[Table] = set()
    for table, table_files in files.items():
        labels = {file.label for file in table_files}
        if any(key[:2] == (table.system, table.name) and key[2] not in labels for key in before):
            replaced.add(table)
        for file in table_files:
            old = before.get((table.system, table.name, file.label))
            new, has_grown = look_at(table, file, old)
            arrivals.known.append(new)
            if old is None:
                changed.setdefault(table, []).append(file)
            elif has_grown:
                grown.setdefault(table, []).append((file, old.size))
            elif new.digest != old.digest:
                replaced.add(table)
    if known is None:
        arrivals.tables = {table: Arrived(list(table_files)) for table, table_files in files.items()}
        return arrivals

    touched = {*changed, *grown, *replaced}
    for system in dict.fromkeys(table.system for table in files):
        feeds = [table for table in files if table.system == system and table.is_activities]
        mixed = any(not table.is_append for table in feeds) and any(table.system == system for table in touched)
        if mixed or any(table in replaced for table in feeds):
            arrivals.restated.append(system)
    for table, table_files in files.items():
        if table.is_append and table.system not in arrivals.restated:
            # Emptied even where nothing came: what it holds is what the last build found new.
            arrivals.tables[table] = Arrived(changed.get(table, []), grown.get(table, []))
        elif table in touched or table.is_append:
            arrivals.tables[table] = Arrived(list(table_files))
    return arrivals


def look_at(table: Table, file: RawFile, old: KnownFile | None) -> tuple[KnownFile, bool]:
    """Describe a file as it is now, and say whether it is the old one with lines added.

    Args:
        table: its table.
        file: the file.
        old: what it was like when it was last read.
    """
    stat = file.path.stat()
    if old and (stat.st_size, stat.st_mtime_ns) == (old.size, old.modified):
        return old, False
    may_grow = old and stat.st_size > old.size > 0 and file.format in _GROWING and not file.compression
    beginning, digest = _digests(file.path, old.size if may_grow else None)
    new = KnownFile(table.system, table.name, file.label, stat.st_size, stat.st_mtime_ns, digest)
    return new, bool(may_grow and table.is_append and beginning == old.digest)


def added_part(file: RawFile, known_bytes: int, folder: Path, *, has_header: bool) -> RawFile:
    """Write what was added to a file into a file of its own, under the header of the whole.

    Args:
        file: the file that has grown.
        known_bytes: how many bytes of it are known.
        folder: where to write; the name is made unique there.
        has_header: whether its first line names the columns.
    """
    path = folder / f"added-{hashlib.blake2b(file.label.encode(), digest_size=8).hexdigest()}.{file.format}"
    with file.path.open("rb") as source, path.open("wb") as target:
        if has_header:
            target.write(source.readline())
        source.seek(known_bytes)
        while block := source.read(_BLOCK):
            target.write(block)
    return replace(file, path=path)


def _digests(path: Path, beginning: int | None) -> tuple[str | None, str]:
    """The digests of the first bytes, if they end a line, and of all of them."""
    digest, first, left = hashlib.blake2b(digest_size=16), None, beginning
    with path.open("rb") as stream:
        while block := stream.read(min(_BLOCK, left) if left else _BLOCK):
            digest.update(block)
            if left:
                left -= len(block)
                if not left and block.endswith(b"\n"):
                    first = digest.hexdigest()
    return first, digest.hexdigest()
