"""Takes the rows out of an XML file: one element per row, whose attributes are the columns.

    <posts>
      <row Id="1" PostTypeId="2" ... />

The file is cut where the next row begins, and each row is parsed by itself. So the file is never held in memory, and a
row that is not well-formed costs itself only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from xml.etree import ElementTree
from xml.parsers import expat

from activity_score.salvage import Record, not_utf8

# What is longer is no row: the file is not one element per row.
LONGEST_ROW = 64 << 20
_START_TAG = re.compile(rb"<([A-Za-z_][\w.:-]*)(?=[\s/>])")
# XML forbids control characters even when they are written as numbers; real dumps have them all the same.
_FORBIDDEN_CHARACTER = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|&#x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[efEF]);"
    rb"|&#0*(?:[0-8]|1[124-9]|2\d|3[01]);"
)


def split_xml_rows(chunks: Iterable[bytes], columns: Sequence[str]) -> Iterator[Record]:
    """Split an XML file into rows (as lines of JSON with the wanted columns) and rejects.

    Args:
        chunks: the bytes of the file, piece by piece.
        columns: the attributes to keep; upper and lower case do not matter.

    Raises:
        ValueError: the file is no XML with one element per row; the message says why.
    """
    chunks = iter(chunks)
    names = {column.lower(): column for column in columns}
    preamble, root, row, rest = _beginning(chunks)
    cut_off = f"the file is cut off: it has no </{root.decode()}>"
    line = 1 + preamble.count(b"\n")
    if not row:
        if not re.search(rb"<%b(\s[^>]*)?/>|</%b\s*>" % (root, root), preamble):
            yield Record(line, b"", cut_off)
        return
    last = b""
    for piece in _rows(rest, chunks, row):
        if last:
            yield _record(line, last, names)
            line += last.count(b"\n")
        last = piece
    before, closing, _ = last.rpartition(b"</" + root)
    record = _record(line, before if closing else last, names)
    if not closing and record.reason:
        record = Record(line, record.raw, f"the file is cut off: {record.reason}")
    yield record
    if not closing and not record.reason:
        yield Record(line + last.count(b"\n"), b"", cut_off)


def first_attributes(head: bytes) -> list[str]:
    """The names of the attributes of the first row, for a message.

    Args:
        head: the first bytes of the file.
    """
    try:
        _, _, row, rest = _beginning(iter([head]))
        return list(_attributes(next(_rows(rest, iter(()), row)).partition(b"</")[0].strip()))
    except (ValueError, ElementTree.ParseError):
        return []


def _beginning(chunks: Iterator[bytes]) -> tuple[bytes, bytes, bytes, bytes]:
    """What stands before the first row, the root's name, the rows' name (empty without rows), and what was read on."""
    buffer = b""
    tags: list[re.Match[bytes]] = []
    for chunk in chunks:
        buffer += chunk
        tags = list(_START_TAG.finditer(buffer))
        if len(tags) > 1:
            first = tags[1].start()
            return buffer[:first], tags[0][1], tags[1][1], buffer[first:]
        if len(buffer) > LONGEST_ROW:
            raise ValueError("no row begins within its first 64 MB")
    if not tags:
        raise ValueError("it has no element")
    return buffer, tags[0][1], b"", b""


def _rows(buffer: bytes, chunks: Iterator[bytes], row: bytes) -> Iterator[bytes]:
    """Each row, with all that stands before the next one."""
    next_row = re.compile(rb"<%b(?=[\s/>])" % re.escape(row))
    searched = 1
    while True:
        start = 0
        for found in next_row.finditer(buffer, searched):
            yield buffer[start : found.start()]
            start = found.start()
        buffer = buffer[start:]
        searched = max(1, len(buffer) - len(row) - 1)  # its end may be the beginning of the next tag
        if len(buffer) > LONGEST_ROW:
            raise ValueError(f"a <{row.decode()}> is longer than 64 MB")
        chunk = next(chunks, b"")
        if not chunk:
            yield buffer
            return
        buffer += chunk


def _record(line: int, piece: bytes, names: dict[str, str]) -> Record:
    piece = piece.strip()
    try:
        attributes = _attributes(piece)
    except UnicodeDecodeError as error:
        return Record(line, piece, not_utf8(error))
    except ElementTree.ParseError as error:
        place = f"line {line + error.position[0] - 1}, column {error.position[1] + 1}"
        return Record(line, piece, f"not XML ({expat.ErrorString(error.code)} at {place})")
    found = {names[name.lower()]: value for name, value in attributes.items() if name.lower() in names}
    return Record(line, json.dumps(found, ensure_ascii=False).encode())


def _attributes(piece: bytes) -> dict[str, str]:
    try:
        return ElementTree.fromstring(piece).attrib
    except ElementTree.ParseError:
        piece.decode("utf-8")
        return ElementTree.fromstring(_FORBIDDEN_CHARACTER.sub("\N{REPLACEMENT CHARACTER}".encode(), piece)).attrib
