"""Runs dbt in a process of its own, as its own program does, at less cost (started by `dbt.py`).

dbt's program collects garbage while it keeps the whole project in memory, where next to nothing is garbage, and writes
the manifest, several megabytes that nobody reads. Together they are a fifth of a daily run. So this turns off both, and
writes of `run_results.json` what the runner reads.

Events that only a debugging log would show (several for each statement) are dropped before they are put into words.

With `--when-told` before the other words it reads the project, some seconds of work, but touches no database until a
line on the standard input tells it to: so the runner can load the raw files meanwhile.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any


def main(words: list[str]) -> int:
    """Run dbt.

    Args:
        words: dbt's own arguments, with `--target-path`, where the results are written. After `--when-told` they are
            those of the program, `build`, those that hold for reading the project as well, and from `--exclude` on
            the others.

    Returns:
        What dbt's program would return: 0 all passed, 1 something failed, 2 it could not run.
    """
    gc.disable()
    from dbt.cli.main import dbtRunner
    from dbt.contracts.results import RunExecutionResult

    if not {"DBT_DEBUG", "DBT_LOG_LEVEL_FILE"} & os.environ.keys():
        drop_debug_events()
    read = None
    if words[0] == "--when-told":
        words = words[1:]
        build, others = words.index("build"), words.index("--exclude")
        read = dbtRunner().invoke(["--no-write-json", *words[:build], "parse", *words[build + 1 : others]])
        if not read.success:
            if read.exception:
                print(read.exception)
            return 2
        if not sys.stdin.readline():
            return 2
    done = dbtRunner(manifest=read and read.result).invoke(["--no-write-json", *words])
    if isinstance(done.result, RunExecutionResult):
        file = Path(words[words.index("--target-path") + 1]) / "run_results.json"
        file.write_text(json.dumps({"results": [outcome(node) for node in done.result.results]}), encoding="utf-8")
    elif done.exception:
        print(done.exception)
    # Python's end collects garbage even so, for a second: not in what is frozen.
    gc.freeze()
    return 0 if done.success else 2 if done.exception else 1


def drop_debug_events() -> None:
    """Let dbt fire no event below the level info: it words each for every log before it looks at the log's level."""
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager

    fire_event = EventManager.fire_event

    def fire_what_is_logged(self: EventManager, e: Any, level: EventLevel | None = None, *args: Any, **kw: Any) -> None:
        if (level or e.level_tag()) not in (EventLevel.DEBUG, EventLevel.TEST):
            fire_event(self, e, level, *args, **kw)

    EventManager.fire_event = fire_what_is_logged


def outcome(result: Any) -> dict[str, Any]:
    """What came of one node, under the names of dbt's own file.

    Args:
        result: the result that dbt hands over.
    """
    return {
        "unique_id": result.node.unique_id,
        "status": str(result.status),
        "message": result.message,
        "execution_time": result.execution_time,
        "timing": [timing.to_dict() for timing in result.timing],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
