"""The raw files below the data directory: which there are, and their bytes, line by line.

Gzip is read by Python, zstd by DuckDB (Python 3.11 has no zstd), as latin-1, which maps every byte to one character.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from activity_score.errors import UserError
from activity_score.sources import Table, literal

FORMATS = {
    "csv": "csv",
    "tsv": "tsv",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "json",
    "xml": "xml",
    "parquet": "parquet",
}
COMPRESSIONS = ("gz", "zst")
HEAD_BYTES = 1 << 20

_ZSTD_LINES = (
    "from read_csv({path}, columns = {{'line': 'varchar'}}, auto_detect = false, header = false, compression = 'zstd',"
    " delim = '\x01\x02\x03\x04', quote = '', escape = '', encoding = 'latin-1', strict_mode = false,"
    " max_line_size = 33554432)"
)


@dataclass(frozen=True)
class RawFile:
    """One file of raw records.

    Attributes:
        path: where it lies.
        label: its path below the data directory, as users see it in messages.
        format: `csv`, `tsv`, `jsonl`, `json`, `xml` or `parquet`.
        compression: `gz`, `zst` or empty.
        folder: the folder below the table's own in which it lies, where the table wants to know; else empty.
    """

    path: Path
    label: str
    format: str
    compression: str = ""
    folder: str = ""

    @property
    def pattern(self) -> str:
        """The path as an SQL literal; glob characters in it stand for themselves."""
        return literal("".join(f"[{char}]" if char in "*?[" else char for char in str(self.path)))

    def head(self) -> bytes:
        """The first bytes of the file, decompressed; the first lines where it is zstd.

        Raises:
            UserError: the file is damaged, unreadable or UTF-16.
        """
        if self.compression == "zst":
            text = b"\n".join(line for _, line in zip(range(3), self.lines(), strict=False))
        else:
            with _named_errors(self), self._open() as stream:
                text = stream.read(HEAD_BYTES)
        beginning = text[:100]
        if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or beginning.count(0) * 3 > len(beginning):
            raise UserError(f"{self.label}: the file is not UTF-8 (it looks like UTF-16); save it as UTF-8")
        return text.removeprefix(b"\xef\xbb\xbf")

    def lines(self) -> Iterator[bytes]:
        """Every line of the file, decompressed, without its line feed.

        Raises:
            UserError: the file is damaged or unreadable.
        """
        with _named_errors(self):
            if self.compression == "zst":
                check_zstd(self)
                rows = duckdb.connect().execute("select line " + _ZSTD_LINES.format(path=self.pattern))
                while batch := rows.fetchmany(10_000):
                    yield from ((line or "").encode("latin-1") for (line,) in batch)
            else:
                with self._open() as stream:
                    yield from (line.removesuffix(b"\n") for line in stream)

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the file, decompressed, piece by piece, whether or not it has lines.

        Raises:
            UserError: the file is damaged or unreadable.
        """
        if self.compression == "zst":
            yield from (line + b"\n" for line in self.lines())
            return
        with _named_errors(self), self._open() as stream:
            while chunk := stream.read(HEAD_BYTES):
                yield chunk

    def count_lines(self, fields: int = 0) -> int:
        """How many lines are not blank; also proves that a compressed file is whole.

        Args:
            fields: count only lines of so many fields between tabs; 0: all.

        Raises:
            UserError: the file is damaged or unreadable.
        """
        with _named_errors(self):
            if self.compression == "zst":
                check_zstd(self)
                query = "select count(*) " + _ZSTD_LINES.format(path=self.pattern) + " where trim(line) <> ''"
                if fields:
                    query += f" and length(line) - length(replace(line, chr(9), '')) = {fields - 1}"
                return duckdb.connect().execute(query).fetchone()[0]
            with self._open() as stream:
                if fields:
                    return sum(1 for line in stream if line.count(b"\t") == fields - 1 and not line.isspace())
                return sum(1 for line in stream if not line.isspace())

    def _open(self):
        return gzip.open(self.path, "rb") if self.compression == "gz" else self.path.open("rb")


@contextmanager
def _named_errors(file: RawFile) -> Iterator[None]:
    """Turn what goes wrong with a file's bytes into one line that names the file."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"{file.label}: the compressed file is damaged or cut off ({reason}); deliver it again"
        ) from error
    except OSError as error:
        raise UserError(f"{file.label}: not readable ({error.strerror}); check its permissions") from error


def check_zstd(file: RawFile) -> None:
    """Walk the frames of a zstd file: DuckDB reads a file that was cut off without a word.

    Args:
        file: the file.

    Raises:
        UserError: the file ends before its last frame does, or is not zstd at all.
    """
    with file.path.open("rb") as stream:

        def take(count: int) -> bytes:
            data = stream.read(count)
            if len(data) < count:
                raise UserError(f"{file.label}: the compressed file is cut off; deliver it again")
            return data

        def skip(count: int) -> None:
            if count:
                stream.seek(count - 1, os.SEEK_CUR)
                take(1)

        while magic := stream.read(4):
            if len(magic) == 4 and magic[1:] == b"\x2a\x4d\x18" and magic[0] >> 4 == 5:  # a skippable frame
                skip(int.from_bytes(take(4), "little"))
                continue
            if magic != b"\x28\xb5\x2f\xfd":
                raise UserError(f"{file.label}: damaged, or not zstd at all; deliver it again")
            descriptor = take(1)[0]
            single_segment = descriptor >> 5 & 1
            size_bytes = (single_segment, 2, 4, 8)[descriptor >> 6]
            skip((1 - single_segment) + (0, 1, 2, 4)[descriptor & 3] + size_bytes)
            is_last = False
            while not is_last:
                block = int.from_bytes(take(3), "little")
                is_last = bool(block & 1)
                skip(1 if block >> 1 & 3 == 1 else block >> 3)  # type 1 repeats one byte
            skip(4 if descriptor >> 2 & 1 else 0)  # the checksum


def find_files(data_dir: Path, table: Table) -> list[RawFile]:
    """Find the files of one raw table: one file, or a folder of part files, and whatever else the table declares.

    Args:
        data_dir: the data directory.
        table: the table.

    Raises:
        UserError: there is more than one candidate, a folder is unreadable, or a part is of no known kind.
    """
    folder = data_dir / table.system
    matches = [entry for entry in _entries(folder, data_dir) if table_of(entry.name) == table.name.lower()]
    if len(matches) > 1:
        names = " and ".join(entry.name for entry in matches)
        raise UserError(f"{table.system}/: both {names} would be the table {table.name}; keep one of them")
    found = [path for match in matches for path in _walk(match, data_dir, table)]
    found += [path for pattern in table.files for path in sorted(folder.glob(pattern))]
    return [_raw_file(path, data_dir, table) for path in dict.fromkeys(found)]


def unused_entries(data_dir: Path, tables: list[Table]) -> list[str]:
    """What lies in the data directory and is no declared table of a system that is switched on.

    Args:
        data_dir: the data directory.
        tables: the declared tables.
    """
    used = {(table.system, table.name.lower()) for table in tables}
    for table in tables:
        folder = data_dir / table.system
        paths = [path.relative_to(folder) for pattern in table.files for path in folder.glob(pattern)]
        used |= {(table.system, table_of(path.parts[0])) for path in paths}
    systems = {table.system for table in tables}
    folders = [entry for entry in _entries(data_dir, data_dir) if entry.is_dir()]
    unused = [f"{folder.name}/" for folder in folders if folder.name not in systems]
    for folder in folders:
        if folder.name in systems:
            entries = _entries(folder, data_dir)
            unused += [f"{folder.name}/{e.name}" for e in entries if (folder.name, table_of(e.name)) not in used]
    return unused


def table_of(name: str) -> str:
    """The table, in lower case, that a file or folder of this name belongs to (`Activities.csv.gz` is `activities`)."""
    return name.split(".")[0].lower()


def _entries(folder: Path, data_dir: Path, with_underscored_folders: bool = False) -> list[Path]:
    def is_data(entry: Path) -> bool:
        underscored = entry.name.startswith("_") and not (with_underscored_folders and entry.is_dir())
        return not underscored and not entry.name.startswith(".")

    try:
        return sorted(entry for entry in folder.iterdir() if is_data(entry)) if folder.exists() else []
    except OSError as error:
        label = folder.relative_to(data_dir.parent)
        raise UserError(f"{label}: not readable ({error.strerror}); it must be a folder one may list") from error


def _walk(entry: Path, data_dir: Path, table: Table) -> Iterator[Path]:
    if not entry.is_dir():
        yield entry
        return
    # Where a folder's name is data, an underscore is a part of it and not a mark of some program's own folders.
    for child in _entries(entry, data_dir, with_underscored_folders=bool(table.folder_column)):
        if child.name not in table.skip_files:
            yield from _walk(child, data_dir, table)


def _raw_file(path: Path, data_dir: Path, table: Table) -> RawFile:
    label = str(path.relative_to(data_dir))
    *_, first, last = ["", "", *path.name.lower().split(".")]
    compression = last if last in COMPRESSIONS else ""
    kind = FORMATS.get(first if compression else last)
    if kind is None or (kind == "parquet" and compression):
        kinds = ", ".join(FORMATS)
        raise UserError(f"{label}: not a kind of file that is read ({kinds}, the text ones also .gz or .zst); move it")
    folder = _folder_of(path.relative_to(data_dir / table.system), table) if table.folder_column else ""
    return RawFile(path=path.absolute(), label=label, format=kind, compression=compression, folder=folder)


def _folder_of(path: Path, table: Table) -> str:
    """The name of the folder that a file lies in, below the table's own; empty for a file right there."""
    folders = [folder for folder in path.parts[:-1] if folder.lower() != table.name.lower()]
    return folders[-1] if folders else ""
