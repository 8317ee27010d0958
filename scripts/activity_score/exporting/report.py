"""Prints what an export wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from activity_score.printing import QUIET


def print_export(manifest: dict[str, Any], out: Path, console: Console) -> None:
    """Print the files of an export.

    Args:
        manifest: what `export` returned.
        out: the folder.
        console: a rich console.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
    table.add_column("file", no_wrap=True)
    table.add_column("rows", justify="right")
    table.add_column("columns", justify="right")
    table.add_column("bytes", justify="right")
    for file in manifest["files"]:
        table.add_row(file["file"], f"{file['rows']:,}", str(len(file["columns"])), f"{file['bytes']:,}")
    console.print(table)
    since = manifest.get("changes_since")
    parts = [f"as of {manifest['as_of_date']}", f"changes since {since['as_of_date']}" if since else ""]
    parts += ["people masked" if manifest["masked"] else ""]
    console.print(f"{out}/manifest.json: {', '.join(filter(None, parts))}", highlight=False, soft_wrap=True)
