"""Runs an analyst's select over a published build, where it can read the marts and do nothing else.

The query runs in a child process (`sandbox_child.py`) with an empty environment. Its rows come back over a pipe, as
text; this process writes them to a file of its own and gives them their types back. SQL is code: the engine that runs
somebody else's must not be the one that holds our files and secrets.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import duckdb

from activity_score.errors import UserError
from activity_score.sources import literal, quote

CHILD = Path(__file__).with_name("sandbox_child.py")
SECONDS_TO_START = 60  # for the child, before the query runs
GRACE_SECONDS = 5  # for the child to stop by itself when the query's time is over
LEAST_MEMORY = 64 << 20
LONGEST_LINE = 256 << 20  # bytes of one row
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
# Types that a text turns into without loss; everything else (lists, structs) stays text.
SCALAR = re.compile(
    r"BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\s*\d+\)|DATE|TIME|INTERVAL"
    r"|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|UUID|BLOB|VARCHAR"
)


@dataclass(frozen=True)
class Limits:
    """What a query may use.

    Attributes:
        timeout: seconds.
        memory: bytes for the engine; the result may not be larger either.
    """

    timeout: float = 60
    memory: int = 10**9


@dataclass(frozen=True)
class Result:
    """The rows of a query, in a file.

    Attributes:
        columns: name and DuckDB type of each column; the names are distinct, a second `a` is `a_1`.
        rows: how many.
        file: the rows as JSON lines, the values as text under the column's number.
        longest: bytes of the longest line.
    """

    columns: list[tuple[str, str]]
    rows: int
    file: Path
    longest: int

    def load(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Make a temporary table of the rows, in their order.

        Args:
            connection: an engine of our own.
            table: the name of the table.
        """
        shapes = ", ".join(f"{literal(str(number))}: 'varchar'" for number in range(len(self.columns)))
        typed = ", ".join(
            f"cast({quote(str(number))} as {kind}) as {quote(name)}" for number, (name, kind) in enumerate(self.columns)
        )
        connection.execute(
            f"create or replace temp table {quote(table)} as select {typed} from read_json({literal(str(self.file))},"
            f" columns = {{{shapes}}}, format = 'newline_delimited', maximum_object_size = {self.longest + 1024})"
        )


def parse_memory(text: str) -> int:
    """Read a size such as `512MB`.

    Args:
        text: a number and a unit.

    Returns:
        Bytes.

    Raises:
        UserError: it is no size, or too small for the engine to start.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]?i?B)?\s*", text, re.IGNORECASE)
    size = int(float(match[1]) * UNITS[(match[2] or "").upper()]) if match else 0
    if size < LEAST_MEMORY:
        raise UserError(f"--memory {text}: give a size of at least 64MiB, such as 512MB or 2GB")
    return size


def run_select(database: Path, sql: str, name: str, limits: Limits, spool: Path, parse: bool = True) -> Result:
    """Run one select in the sandbox.

    Args:
        database: path of a published `marts.duckdb`.
        sql: the query, as the user wrote it.
        name: what to call it in errors: its file.
        limits: what it may use.
        spool: a file that the rows are written to; whoever calls removes it.
        parse: whether the query is parsed and judged before it runs. Without it only engine and system stand guard;
            for tests of these.

    Raises:
        UserError: it asks for what is not allowed, is wrong, or uses more than it may; nothing is returned then.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        close_fds=True,
    )
    task = {"database": str(database.resolve()), "sql": sql, "parse": parse}
    task |= {"timeout": limits.timeout, "memory": limits.memory}
    watchdog = _killed_in(child, SECONDS_TO_START)
    columns, rows, size, longest, failure = [], 0, 0, 0, None
    started = finished = False
    try:
        with child.stdin, spool.open("wb") as file:
            child.stdin.write(json.dumps(task).encode() + b"\n")
            child.stdin.close()
            while line := child.stdout.readline(LONGEST_LINE):
                if line.startswith(b"R "):
                    rows, size, longest = rows + 1, size + len(line), max(longest, len(line))
                    if size > limits.memory or not line.endswith(b"\n"):
                        failure = ["result", ""]
                        break
                    file.write(line[2:])
                elif line.startswith(b"C "):
                    columns = json.loads(line[2:])
                elif line.startswith(b"S "):
                    started = True
                    watchdog.cancel()
                    watchdog = _killed_in(child, limits.timeout + GRACE_SECONDS)
                else:
                    finished, failure = True, json.loads(line[2:])
    except BrokenPipeError:
        pass  # it ended before it read its task; the exit status says why
    finally:
        watchdog.cancel()
        watchdog.join()
        if failure == ["result", ""]:
            child.kill()
        child.stdout.close()
        status = child.wait()
    if failure is None and not finished:
        failure = [_ended(status, started), str(status)]
    if failure:
        raise UserError(f"{name}: {_explained(*failure, limits)}")
    typed = [(name, kind if SCALAR.fullmatch(kind) else "VARCHAR") for name, kind in columns]
    return Result(typed, rows, spool, longest)


def _killed_in(child: subprocess.Popen, seconds: float) -> threading.Timer:
    watchdog = threading.Timer(seconds, child.kill)
    watchdog.start()
    return watchdog


def _ended(status: int, started: bool) -> str:
    """Why a child said nothing: the watchdog or the system ended it."""
    if status in (-signal.SIGKILL, -signal.SIGXCPU):
        return "timeout" if started else "start"
    return "memory" if status in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS) else "ended"


def _explained(kind: str, words: str, limits: Limits) -> str:
    """What went wrong, and what to do, in one line."""
    memory = f"{limits.memory / 1e6:,.0f} MB"
    return {
        "memory": f"needs more than {memory} of memory; filter or aggregate earlier, or allow more with --memory",
        "timeout": f"took longer than {limits.timeout:g} seconds; filter earlier, look for a join without a condition, "
        "or allow more with --timeout",
        "result": f"the result is larger than {memory}; select fewer columns or rows, or allow more with --memory",
        "start": f"could not be started within {SECONDS_TO_START} seconds; try again when the machine is less busy",
        "ended": f"the process that ran it ended with status {words}; allow more with --memory, or simplify it",
    }.get(kind) or " ".join(words.split())
