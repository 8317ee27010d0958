"""One build at a time per warehouse directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from activity_score.errors import EXIT_BUSY, UserError
from activity_score.project import Warehouse


@contextmanager
def locked(warehouse: Warehouse) -> Iterator[int]:
    """Hold the lock of a warehouse directory.

    flock, not lockf: dbt inherits it, so the lock outlives a runner that was killed until dbt has ended too.

    Args:
        warehouse: the warehouse directory; made if need be.

    Yields:
        The file descriptor that holds the lock.

    Raises:
        UserError: another build holds it (exit code 75), or the directory cannot be written.
    """
    try:
        warehouse.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(warehouse.lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UserError(f"{warehouse.root}: not writable ({error.strerror}); choose another --warehouse") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise UserError(
                f"{warehouse.root}: another build holds the lock (process {holder}); wait until it has ended", EXIT_BUSY
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)
