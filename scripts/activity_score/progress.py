"""Tells how far a build is: a bar on a terminal, a plain line now and then elsewhere, always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS_BETWEEN_LINES = 10


class Progress:
    """The steps of a build, as they happen, and the seconds each took.

    Args:
        quiet: say nothing; the seconds are measured all the same.
    """

    def __init__(self, quiet: bool = False) -> None:  # noqa: D107 - the class says it
        self.seconds: dict[str, float] = {}
        self._quiet = quiet
        self._bar = None
        self._task = None
        self._said = 0.0

    @contextmanager
    def step(self, name: str, words: str) -> Iterator[None]:
        """A step of the build.

        Args:
            name: the key of its seconds.
            words: what it does, for people.
        """
        started = self._said = time.monotonic()
        if not self._quiet and sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            columns = (
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.TextColumn("{task.fields[counts]}"),
                progress.TimeElapsedColumn(),
            )
            self._bar = progress.Progress(*columns, console=Console(stderr=True))
            self._task = self._bar.add_task(words, total=None, counts="")
            self._bar.start()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - started, 2)
            if self._bar:
                self._bar.update(self._task, total=1, completed=1)
                self._bar.stop()
                self._bar = None
            elif not self._quiet:
                print(f"{words}: {self.seconds[name]:.1f} s", file=sys.stderr, flush=True)

    def nodes(self, done: int, total: int, name: str) -> None:
        """Some nodes of dbt's are done.

        Args:
            done: how many.
            total: of how many.
            name: the last one.
        """
        if self._bar:
            self._bar.update(self._task, total=total, completed=done, counts=f"{done} of {total}  {name[:40]}")
        elif not self._quiet and time.monotonic() - self._said >= SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            print(f"  {done} of {total} models and tests", file=sys.stderr, flush=True)
