"""The child of the sandbox: runs one select over the published marts, and can do nothing else.

Run by path, as a program of its own, in an empty environment; it imports nothing of this package. What it is told comes
over standard input as one line of JSON, what it has to say goes to standard output, a line each:

    S                         the query is allowed and starts now
    C [[name, type], ...]     the columns
    R {"0": text, ...}        a row, every value as DuckDB's text of it or null
    E [kind, message]         what went wrong, instead of D
    D                         done

Three walls, one behind the other: the statement is parsed, and only a select over the marts passes (`refusal`); the
engine is locked, so that files, network, extensions and writes are out of its reach (`open_marts`); and the system
opens no file or socket any more and holds memory and time (`confine`).
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import duckdb

# What uses only its arguments. Any other table function may reach for files, the network or the engine's own state.
TABLE_FUNCTIONS = {"unnest", "range", "generate_series", "repeat", "repeat_row", "json_each", "json_tree"}
REFUSED_FUNCTIONS = {"current_setting", "getenv", "write_log"}
QUERY_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE", "RECURSIVE_CTE_NODE"}
DESCRIBED = {"columns", "tables", "schemata"}  # of information_schema: what there is to query
SHOWN = {"", '"tables"'}  # describe, summarize, show tables
HEADROOM = 640 << 20  # address space of Python and DuckDB before the first row
ROWS_AT_A_TIME = 2000

PLAIN_SELECT = "write one select over the published marts"
ONLY_MARTS = "queries see only the published marts"
OWN_LIMITS = "--memory and --timeout set the limits"
STATEMENTS = {
    "COPY": ("reading or writing files", "leave the select alone and name the file with --out"),
    "EXPORT": ("writing files", "use `activity-score export`"),
    "ATTACH": ("opening another database", ONLY_MARTS),
    "DETACH": ("closing the database", PLAIN_SELECT),
    "LOAD": ("loading an extension", PLAIN_SELECT),
    "SET": ("changing the configuration", OWN_LIMITS),
    "VARIABLE_SET": ("changing the configuration", OWN_LIMITS),
    "PRAGMA": ("reading or changing the configuration", PLAIN_SELECT),
    "CALL": ("calling a procedure", PLAIN_SELECT),
    "EXPLAIN": ("showing a plan", PLAIN_SELECT),
    **dict.fromkeys(
        ("CREATE", "CREATE_FUNC", "DROP", "ALTER", "INSERT", "UPDATE", "DELETE", "MERGE_INTO", "COPY_DATABASE"),
        ("changing data or making tables", PLAIN_SELECT),
    ),
}


class Refused(Exception):
    """The query asks for something that is not allowed."""


def main() -> None:
    """Read the task, run it, say what came of it."""
    _die_with_parent()
    task = json.loads(sys.stdin.buffer.readline())
    out = sys.stdout.buffer
    try:
        answer(task, out)
        say(out, "D", None)
    except Refused as refused:
        say(out, "E", ["refused", str(refused)])
    except (MemoryError, duckdb.OutOfMemoryException):
        say(out, "E", ["memory", ""])
    except duckdb.InterruptException:
        say(out, "E", ["timeout", ""])
    except duckdb.Error as error:
        say(out, "E", explained(error))


def answer(task: dict[str, Any], out: Any) -> None:
    """Run the query of the task, confined, if it is allowed."""
    connection = open_marts(task["database"], task["memory"])
    confine(task["memory"], task["timeout"])
    if task["parse"]:
        found = refusal(connection, task["sql"])
        if found:
            raise Refused(found)
    say(out, "S", None)
    timer = threading.Timer(task["timeout"], connection.interrupt)
    timer.daemon = True
    timer.start()
    write_rows(connection, task["sql"], out)


def write_rows(connection: duckdb.DuckDBPyConnection, sql: str, out: Any) -> None:
    """Run a query and write its columns and rows.

    Args:
        connection: from `open_marts`.
        sql: one select.
        out: where the lines go.
    """
    # The bracket after the query stands on a line of its own: a comment at the query's end must not swallow it.
    query = f"({without_semicolons(sql)}\n) as query"
    described = connection.execute(f"select * from {query} limit 0").description
    names = [str(number) for number in range(len(described))]
    say(out, "C", [[name, str(kind)] for name, kind, *_ in described])
    renamed = ", ".join(f'"{name}"' for name in names)
    connection.execute(f"select cast(columns(*) as varchar) from {query} ({renamed})")
    while rows := connection.fetchmany(ROWS_AT_A_TIME):
        out.writelines(_line("R", dict(zip(names, row, strict=True))) for row in rows)


def open_marts(database: str, memory: int) -> duckdb.DuckDBPyConnection:
    """Open the marts, and nothing but them, in an engine that is locked afterwards.

    The file is attached under a fixed name: opened directly, its catalog is called `marts` like the schema, and
    `marts.accounts` would be ambiguous. One thread: the same query over the same build gives the rows in the same
    order.

    Args:
        database: path of `marts.duckdb`.
        memory: bytes.
    """
    settings = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "python_enable_replacements": "false",
        "memory_limit": f"{memory // 1000}KB",
        "threads": "1",
        "temp_directory": "",
    }
    connection = duckdb.connect(":memory:", config=settings)
    quoted = database.replace("'", "''")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("select ?::varchar", ["imports what DuckDB's binding needs while files can still be opened"])
    connection.execute(f"attach '{quoted}' as published (read_only)")
    connection.execute("use published.marts")
    connection.execute("detach memory")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def confine(memory: int, timeout: float) -> None:
    """Let the system hold the limits: memory, processor time, no further file or socket, no byte into a file.

    Args:
        memory: bytes for the engine.
        timeout: seconds.
    """
    seconds = int(timeout) + 2
    free = os.dup(0)
    os.close(free)
    for limit, value in (
        (resource.RLIMIT_AS, memory + HEADROOM),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, free),
    ):
        resource.setrlimit(limit, (value, value))


def without_semicolons(sql: str) -> str:
    """The same statement without the semicolons after it, every other character where it was."""
    raw = sql.encode()
    characters = bytearray(raw)
    for offset, _ in duckdb.tokenize(sql):
        if raw[offset : offset + 1] == b";":
            characters[offset] = ord(" ")
    return characters.decode()


def refusal(connection: duckdb.DuckDBPyConnection, sql: str) -> str | None:
    """Why a query may not run; nothing if it may.

    Args:
        connection: from `open_marts`.
        sql: what the user wrote.
    """
    statements = connection.extract_statements(sql)
    if not statements:
        return f"the query is empty; {PLAIN_SELECT}"
    kinds = [statement.type.name for statement in statements]
    words = [_first_word(statement.query) for statement in statements]
    if _first_word(sql) == "PIVOT" and set(kinds) != {"SELECT"}:
        return (
            "PIVOT: finding its columns makes a table, which is not allowed; list them: `pivot ... on x in ('a', 'b')`"
        )
    for kind, word in zip(kinds, words, strict=True):
        if kind != "SELECT":
            does, mend = STATEMENTS.get(kind, ("anything but a select", PLAIN_SELECT))
            return f"{word}: {does} is not allowed; {mend}"
    if len(statements) > 1:
        return f"{len(statements)} statements: more than one is not allowed; {PLAIN_SELECT}"
    tree = json.loads(connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone()[0])
    if tree.get("error"):  # PRAGMA calls itself a select
        return f"{_first_word(sql)}: reading the configuration is not allowed; {PLAIN_SELECT}"
    query = "select table_name from information_schema.tables where table_schema = 'marts'"
    marts = {name for (name,) in connection.execute(query).fetchall()}
    return next(_faults(tree["statements"], marts), None)


def _first_word(sql: str) -> str:
    """The word a statement begins with, after comments."""
    words = (re.match(r"\w+", sql.encode()[offset:].decode(errors="ignore")) for offset, _ in duckdb.tokenize(sql))
    return next((word[0].upper() for word in words if word), "this")


def _faults(tree: Any, marts: set[str]) -> Iterator[str]:
    """What a parsed query asks for that is not allowed."""
    nodes = list(_nodes(tree))
    own = {entry["key"].lower() for node in nodes for entry in (node.get("cte_map") or {}).get("map", [])}
    own |= {node["cte_name"].lower() for node in nodes if isinstance(node.get("cte_name"), str)}
    for node in nodes:
        kind = node.get("type")
        if kind == "BASE_TABLE":
            yield from _table_faults(node, marts, own)
        elif kind == "TABLE_FUNCTION":
            yield from _table_function_faults(node["function"])
        elif kind == "SHOW_REF" and node.get("table_name") not in SHOWN:
            yield f"SHOW {node['table_name']}: reading the configuration is not allowed; `show tables` is"
        elif node.get("class") == "FUNCTION" and node["function_name"].lower() in REFUSED_FUNCTIONS:
            yield f"{node['function_name']}(): reading the configuration is not allowed; {PLAIN_SELECT}"
        elif isinstance(kind, str) and kind.endswith("_NODE") and kind not in QUERY_NODES:
            yield f"{kind.split('_')[0]} inside a query: anything but a select is not allowed; {PLAIN_SELECT}"


def _table_faults(node: dict[str, Any], marts: set[str], own: set[str]) -> Iterator[str]:
    catalog, schema, name = ((node.get(part) or "").lower() for part in ("catalog_name", "schema_name", "table_name"))
    known = {"": marts | own, "marts": marts, "information_schema": DESCRIBED}
    if not catalog and name in known.get(schema, ()):
        return
    written = ".".join(node[part] for part in ("catalog_name", "schema_name", "table_name") if node.get(part))
    if not schema and re.search(r"[/\\.:*]", name):
        reaching = "reaching for the network" if _is_remote(name) else "reading files"
        yield f"'{written}': {reaching} is not allowed; {ONLY_MARTS}"
    elif not catalog and schema in ("", "marts"):
        yield f"there is no table {written}; the marts are {', '.join(sorted(marts))}"
    else:
        yield f"{written}: reading other tables is not allowed; {ONLY_MARTS}, named plainly, such as `accounts`"


def _table_function_faults(function: dict[str, Any]) -> Iterator[str]:
    name = function.get("function_name", "?")
    if name.lower() in TABLE_FUNCTIONS:
        return
    reads = re.match(r"read_|parquet_|glob$|sniff_|.*_scan", name, re.IGNORECASE)
    reads = re.match(r"read_|parquet_|glob$|sniff_|.*_scan", name, re.IGNORECASE)
    written = [text for node in _nodes(function) for text in node.values() if isinstance(text, str)]
    network = any(_is_remote(text) for text in written)
    reaching = ("reaching for the network" if network else "reading files") if reads else "reaching beyond the marts"
    yield f"{name}(): {reaching} is not allowed; {ONLY_MARTS}"


def _is_remote(target: str) -> bool:
    return bool(re.match(r"\w{2,}://|hf:", target))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every part of a parsed query."""
    stack = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            yield part
            stack.extend(reversed(list(part.values())))
        elif isinstance(part, list):
            stack.extend(reversed(part))


def explained(error: duckdb.Error) -> list[str]:
    """An error of the engine as its kind and one line.

    Args:
        error: what DuckDB raised.
    """
    text = str(error)
    if re.search(r"Failed to allocate|could not allocate|bad_alloc|Out of Memory", text, re.IGNORECASE):
        return ["memory", ""]
    if isinstance(error, duckdb.PermissionException) or "configuration has been locked" in text:
        return ["refused", f"files, network, extensions and settings: reaching for them is not allowed; {ONLY_MARTS}"]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = [line for line in lines if not re.match(r"LINE \d+:|\^", line)][:2]
    place = re.search(r"^LINE (\d+):", text, re.MULTILINE)
    words = " ".join(said if len(said) == 2 and "andidate" in said[1] else said[:1])
    return ["sql", f"line {place[1]}: {words}" if place else words]


def say(out: Any, mark: str, value: Any) -> None:
    """Write one line and hand it over at once."""
    out.write(_line(mark, value))
    out.flush()


def _line(mark: str, value: Any) -> bytes:
    return f"{mark} {json.dumps(value)}\n".encode()


def _die_with_parent() -> None:
    """Linux: when the command is killed, the query ends too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


if __name__ == "__main__":
    main()
