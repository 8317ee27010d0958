"""Puts an export into a folder in one step: readers see the old files or the new ones, never some of each.

The files lie in `.activity-score/<number>/` inside the folder, on the same file system wherever it is mounted. Each has
a symbolic link of its name in the folder itself, by way of `.activity-score/current`; swapping that one link swaps all
of them. Whatever else lies in the folder is not ours and stays.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from activity_score.errors import EXIT_BUSY, UserError

STORE = ".activity-score"
CURRENT = "current"


def replace_files(out: Path, write: Callable[[Path], list[str]]) -> None:
    """Replace the files of the last export in a folder by new ones.

    Args:
        out: the folder; made if need be.
        write: writes all files into the folder it is given and returns their names. If it fails, or is killed, the
            old files stand as they were.

    Raises:
        UserError: the folder cannot be used, another export is writing into it (exit code 75), or a file of somebody
            else's has the name of one of ours.
    """
    store, is_new = out / STORE, not out.exists()
    try:
        store.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{out}: cannot be used as a folder ({error.strerror}); choose another --out") from error
    with _locked(store, out):
        _remove_leftovers(store)
        draft = store / _next_number(store)
        try:
            draft.mkdir()
            names = write(draft)
            for name in names:
                if os.path.lexists(out / name) and not _is_ours(out / name):
                    raise UserError(f"{out / name}: was not written by an export; move it away or choose another --out")
                _sync(draft / name)
            _sync(draft)
            _swap(out, store, draft, names)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            if is_new:
                shutil.rmtree(out)
            raise
        # Old files do not stay: they may hold what the new ones mask.
        _remove_leftovers(store)


def _swap(out: Path, store: Path, draft: Path, names: list[str]) -> None:
    # A new name gets its link before, an old one loses it after: what manifest.json names is always there.
    for name in names:
        if not os.path.lexists(out / name):
            (out / name).symlink_to(Path(STORE) / CURRENT / name)
    link = store / f"{CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(draft.name)
    os.replace(link, store / CURRENT)
    _sync(store)
    for path in out.iterdir():
        if _is_ours(path) and path.name not in names:
            path.unlink()
    _sync(out)


def _is_ours(path: Path) -> bool:
    """Whether this is a link that an export made."""
    return path.is_symlink() and Path(os.readlink(path)) == Path(STORE) / CURRENT / path.name


def _remove_leftovers(store: Path) -> None:
    """Remove what is not the current export: the one before it, and what interrupted ones left."""
    current = store / CURRENT
    kept = os.readlink(current) if current.is_symlink() else None
    for path in store.iterdir():
        if path.name.isdigit() and path.name != kept:
            shutil.rmtree(path)


def _next_number(store: Path) -> str:
    return str(max((int(path.name) for path in store.iterdir() if path.name.isdigit()), default=0) + 1)


@contextmanager
def _locked(store: Path, out: Path) -> Iterator[None]:
    """One export at a time into a folder."""
    descriptor = os.open(store / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{out}: another export is writing there; wait until it has ended, or choose another --out"
            raise UserError(message, EXIT_BUSY) from error
        yield
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
