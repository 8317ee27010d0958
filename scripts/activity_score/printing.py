"""Small parts that printed reports are made of: tables that show their sums, changes with a sign, clipped names."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.box import Box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 100  # columns in a pipe or a file, which have no width of their own
BAND_STYLES = {"High": "green", "Medium": "yellow", "Low": "bright_black"}
QUIET = "bright_black"
SUMMED = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n".replace("-", "─"))  # a rule above the sums


def widen(console: Console) -> None:
    """Where output has no width of its own, take 100 columns rather than rich's 80."""
    if not console.is_terminal and console.width < PLAIN_WIDTH:
        console.width = PLAIN_WIDTH


def printable(value: Any) -> Any:
    """The same structure without control characters in its texts: names come from outside, terminals obey them."""
    if isinstance(value, str):
        return "".join(character if character.isprintable() else " " for character in value)
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [printable(item) for item in value]
    return value


def print_heading(console: Console, title: str, aside: str = "") -> None:
    """A bold title after an empty line, with a quiet remark beside it."""
    console.print()
    console.print(Text(title, "bold").append(f"   {aside}" if aside else "", f"not bold {QUIET}"))


def summed_table(gap: int = 1) -> Table:
    """A table with a rule above its rows and one above the sums, if it has sums."""
    return Table(
        box=SUMMED,
        show_edge=False,
        show_footer=True,
        padding=(0, gap, 0, 0),
        header_style=QUIET,
        footer_style="bold",
    )


def print_table(table: Table, console: Console) -> None:
    """Print a table, indented below its heading."""
    console.print(Padding(table, (0, 0, 0, 2)))


def add_number_columns(table: Table, *titles: str, footer: str = "") -> None:
    """Add columns that are right-aligned and never wrap; `footer` is the sum below the last of them."""
    for title in titles:
        table.add_column(title, footer=footer, justify="right", no_wrap=True)


def joined(*parts: Text | str | None) -> Text:
    """The parts that exist, with a dot between them."""
    line = Text()
    for part in filter(None, parts):
        if line:
            line.append(" · ", QUIET)
        line.append(part)
    return line


def clipped(text: str, width: int, style: str = "", pad: bool = False) -> Text:
    """Text of at most this many terminal cells (wide characters take two), exactly as many with `pad`."""
    clipped = Text(text, style)
    clipped.truncate(width, overflow="ellipsis", pad=pad)
    return clipped


def change_text(value: float | None, width: int = 0) -> Text:
    """A change with its sign, green up and red down."""
    if value is None:
        return Text("-".rjust(width), QUIET)
    shown = f"{value:+.2f}".replace("-0.00", "+0.00")
    return Text(shown.rjust(width), "green" if value >= 0.005 else "red" if value <= -0.005 else QUIET)


def number_text(value: float) -> str:
    """A number of points: two decimals, thousands apart."""
    return f"{value:,.2f}"


def loss_text(value: float) -> str:
    """What a cap took, as a negative number; `-` for nothing."""
    return number_text(-value) if value > 0 else "-"


def words(reason: str) -> str:
    """A reason that is one name (`no_account`) as words; a sentence may hold names and stays."""
    return reason if " " in reason else reason.replace("_", " ")


def band_style(category: str) -> str:
    """The colour of a category."""
    return BAND_STYLES.get(category, "default")


def day_text(text: str, year: bool = False) -> str:
    """`2026-11-09` or a moment of that day as `9 Nov`, with the year where asked."""
    day = date.fromisoformat(text[:10])
    return f"{day.day} {day:%b}" + (f" {day.year}" if year else "")
