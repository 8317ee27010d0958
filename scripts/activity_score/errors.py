"""What can go wrong, in words a user can act on, and the exit codes of the command."""

from __future__ import annotations

from dataclasses import dataclass

EXIT_OK = 0
EXIT_TEST_FAILED = 1  # built, but a data test failed: nothing published
EXIT_USAGE = 2  # wrong usage, setting or input, or the engine could not run
EXIT_BUSY = 75  # another build holds the lock (EX_TEMPFAIL)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or worth a note), where, and how to mend it.

    Attributes:
        where: the file, seed row or setting, as the user knows it (`seeds/sources.csv, row 4`).
        what: what is wrong, with the offending value.
        mend: what to do about it.
        severity: `error` stops a build, `note` is only reported.
    """

    where: str
    what: str
    mend: str
    severity: str = "error"

    def __str__(self) -> str:
        """The problem as the one line that users see."""
        return f"{self.where}: {self.what}; {self.mend}"


class UserError(Exception):
    """An error the user can mend; printed as one line, without a traceback.

    Args:
        message: one clear line naming the file, row or setting and the mend.
        exit_code: the exit code of the command.
    """

    def __init__(self, message: str, exit_code: int = EXIT_USAGE) -> None:  # noqa: D107 - the class says it
        super().__init__(message)
        self.exit_code = exit_code


def first_line(error: Exception) -> str:
    """The first line of a DuckDB message that says what is wrong.

    Args:
        error: the error that DuckDB raised.
    """
    lines = [line.strip().removeprefix("Invalid Input Error: ") for line in str(error).splitlines()]
    said = [line for line in lines if line and not line.startswith(("CSV Error on Line", "Original Line"))]
    return said[0] if said else type(error).__name__
