"""Takes records out of JSON documents that hold many, such as the pages that a programming interface returns.

    {"topic_list": {"per_page": 30, "topics": [{"id": 1, ...}, {"id": 2, ...}]}}

A table declares where its records lie (`topic_list.topics`). A path goes through arrays too: `data.posts` takes the
posts of every element of an array `data`. A document that has none of the paths is a record itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from activity_score.salvage import Record


def records_within(documents: Iterable[Record], paths: Sequence[str], bare_column: str = "") -> Iterator[Record]:
    """The records of documents, as lines of JSON; what is no record is a reject.

    Args:
        documents: the documents; a reject stays one.
        paths: where records lie, keys joined by dots; the first path that a document has is taken.
        bare_column: the column that takes a record which is a single value; empty: such a record is a reject.
    """
    for document in documents:
        path, values = ("", None) if document.reason else first_found(json.loads(document.raw), paths)
        if values is None:
            yield document
            continue
        for number, value in enumerate(values, 1):
            is_bare = isinstance(value, str | int | float) and not isinstance(value, bool)
            record = {bare_column: value} if bare_column and is_bare else value
            reason = "" if isinstance(record, dict) else f"record {number} of {path}: not a JSON object"
            yield Record(document.line, json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass"), reason)


def first_found(document: Any, paths: Sequence[str]) -> tuple[str, list[Any] | None]:
    """The first path at which a document has an array or an object, and what is there; none if it has none of them.

    Args:
        document: the parsed document.
        paths: keys joined by dots.
    """
    for path in paths:
        found = [document]
        for key in path.split("."):
            found = [item[key] for value in found for item in _items(value) if isinstance(item, dict) and key in item]
        if any(isinstance(value, list | dict) for value in found):  # a single value of that name is a column
            return path, [item for value in found for item in _items(value)]
    return "", None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
