"""Takes apart a text file that does not read cleanly: what is a record, and which lines are not, and why.

Every line that is not blank ends in exactly one record or one reject. Only files that the fast path refused come
here, so clarity counts more than speed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass

# A quoted value that runs on for longer than this is taken for a quote that was never closed.
MAX_LINES_OF_A_RECORD = 1000
# Below this width a line of prose inside a quoted value is too easily mistaken for a record.
MIN_WIDTH_OF_A_LOOKALIKE = 4
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Record:
    """A stretch of a file: a record to load, or one that cannot be read.

    Attributes:
        line: the number of its first line, from 1.
        raw: its bytes, without the last line end.
        reason: why it cannot be read; empty for a record to load.
    """

    line: int
    raw: bytes
    reason: str = ""

    @property
    def text(self) -> str:
        """The record as text; bytes that are not UTF-8 are written as `\\xff`."""
        return self.raw.decode("utf-8", "backslashreplace")


def split_csv(lines: list[bytes], delimiter: str, width: int, first_line: int) -> Iterator[Record]:
    """Split the lines of a CSV file after its header into records and rejects.

    A record that cannot be read costs its first line only: reading goes on at the next one, so an unbalanced quote
    does not swallow what follows.

    Args:
        lines: the lines, without line feeds.
        delimiter: between the fields.
        width: how many fields the header has.
        first_line: the number of `lines[0]` in the file.
    """
    position = 0
    while position < len(lines):
        line = lines[position].removesuffix(b"\r")
        if not line.strip():
            position += 1
            continue
        count, reason = _read_record(lines, position, delimiter, width)
        record = b"\n".join([*lines[position : position + count - 1], lines[position + count - 1].removesuffix(b"\r")])
        if not reason and _has_empty_end(record, delimiter, width):
            record = record.removesuffix(delimiter.encode())
        yield Record(first_line + position, line if reason else record, reason)
        position += 1 if reason else count


def _has_empty_end(record: bytes, delimiter: str, width: int) -> bool:
    """Whether a line ends with one field too many, which is empty: DuckDB 1.5 reads past it, DuckDB 2.0 does not."""
    if not record.endswith(delimiter.encode()):
        return False
    lines = record.decode("utf-8").splitlines(keepends=True)
    return len(next(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))) == width + 1


def _read_record(lines: list[bytes], start: int, delimiter: str, width: int) -> tuple[int, str]:
    """How many lines the record takes, and why it cannot be read (empty if it can)."""
    end = min(len(lines), start + MAX_LINES_OF_A_RECORD)
    reader = csv.reader(
        (lines[position].decode("utf-8") + "\n" for position in range(start, end)),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=True,
    )
    try:
        fields = next(reader)
    except UnicodeDecodeError as error:
        return 1, not_utf8(error)
    except csv.Error as error:
        if "new-line character" in str(error):
            return 1, "a carriage return within the line"
        # An open quote ends at the end of the file, or where the next quote does not fit: say what is meant.
        is_open = lines[start].count(b'"') % 2 == 1
        return 1, "a quote is not closed, or not doubled inside quotes" if is_open else str(error)
    if len(fields) != width and not (len(fields) == width + 1 and fields[-1] == ""):
        return 1, f"{len(fields)} fields where the header has {width}"
    if reader.line_num > 1 and width >= MIN_WIDTH_OF_A_LOOKALIKE:
        inner = lines[start + 1 : start + reader.line_num]
        if any(line.count(b'"') % 2 == 0 and _read_record([line], 0, delimiter, width)[1] == "" for line in inner):
            return 1, "a quote is not closed: the lines after it are records of their own"
    return reader.line_num, ""


def split_fields(lines: list[bytes], delimiter: str, width: int) -> Iterator[Record]:
    """Split the lines of a file without header and without quotes, where every line is a record.

    Args:
        lines: the lines, without line feeds.
        delimiter: between the fields.
        width: how many fields a record has.
    """
    for number, raw in enumerate(lines, 1):
        line = raw.removesuffix(b"\r")
        if line.strip():
            yield Record(number, line, _fields_fault(line, delimiter.encode(), width))


def _fields_fault(line: bytes, delimiter: bytes, width: int) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return not_utf8(error)
    if b"\r" in line:
        return "a carriage return within the line"
    fields = line.count(delimiter) + 1
    return "" if fields == width else f"{fields} fields where a record has {width}"


def split_json_lines(lines: list[bytes], first_line: int = 1) -> Iterator[Record]:
    """Split the lines of a JSON-lines file into records (objects) and rejects.

    Args:
        lines: the lines, without line feeds.
        first_line: the number of `lines[0]` in the file.
    """
    for number, raw in enumerate(lines, first_line):
        line = raw.strip()
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line:
            yield Record(number, line, _json_fault(line))


def _json_fault(line: bytes) -> str:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return not_utf8(error)
    except json.JSONDecodeError as error:
        return f"not JSON ({error.msg} at column {error.colno})"
    except (RecursionError, ValueError) as error:
        return f"not JSON that can be read ({error})"
    return "" if isinstance(value, dict) else "not a JSON object"


def split_json_values(text: str) -> Iterator[Record]:
    """Split a JSON array, or JSON values one after another, into records (objects) and rejects (other values).

    Args:
        text: the whole file.

    Raises:
        json.JSONDecodeError: the text is damaged; where a value ends is then unknown, so nothing can be set aside.
    """
    decoder = json.JSONDecoder()
    position = _skip(text, 0)
    is_array = text[position : position + 1] == "["
    position = _skip(text, position + is_array)
    closing = "]" if is_array else ""
    while text[position : position + 1] != closing:
        value, end = decoder.raw_decode(text, position)
        raw = text[position:end].replace("\r", " ").replace("\n", " ").encode()
        line = text.count("\n", 0, position) + 1
        yield Record(line, raw, "" if isinstance(value, dict) else "not a JSON object")
        position = _skip(text, end)
        if is_array and text[position : position + 1] == ",":
            position = _skip(text, position + 1)
        elif is_array and text[position : position + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' or ']'", text, position)
    if text[position + is_array :].strip():
        raise json.JSONDecodeError("Expecting the end of the file", text, position + is_array)


def _skip(text: str, position: int) -> int:
    while text[position : position + 1].isspace():
        position += 1
    return position


def not_utf8(error: UnicodeDecodeError) -> str:
    """Why a line is not UTF-8: the first byte at fault."""
    return f"not UTF-8 (byte 0x{error.object[error.start]:02x} at position {error.start + 1})"
