"""Draws a series of scores with characters: one line high for lists, several lines high for one account."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = " ▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], top: float = 100.0) -> str:
    """Draw values as one line of blocks, on a fixed scale so that lines can be compared.

    Args:
        values: the series, oldest first; below 0 counts as 0, above `top` as `top`.
        top: the value of a full block; scores go to 100.

    Returns:
        One character per value. Exactly 0 is the lowest mark that is not blank, so that a gap is not read as missing.
    """
    levels = BLOCKS[1:]
    return "".join(levels[min(len(levels) - 1, int(_clamp(value / top) * len(levels)))] for value in values)


def chart(values: Sequence[float], rows: int = 5, top: float = 100.0) -> list[str]:
    """Draw values as columns several lines high.

    Args:
        values: the series, oldest first; below 0 counts as 0, above `top` as `top`.
        rows: height in lines; each stands for `top / rows`, so five lines of a score are 20 points each
            and the default bands (20, 60) begin exactly at a line.
        top: the value of a full column.

    Returns:
        The lines, highest first, each as long as `values`. Anything above 0 shows at least the thinnest block.
    """
    full = len(BLOCKS) - 1
    heights = [_parts(value / top, rows * full) for value in values]
    return [
        "".join(BLOCKS[min(full, max(0, height - below))] for height in heights)
        for below in range((rows - 1) * full, -1, -full)
    ]


def bar(value: float, top: float, width: int) -> str:
    """Draw one value as a horizontal bar of at most `width` characters, in eighths of a character.

    Args:
        value: the length, in the unit of `top`.
        top: the value of a full bar.
        width: the length of a full bar in characters.
    """
    if top <= 0:
        return ""
    parts = _parts(value / top, width * 8)
    return "█" * (parts // 8) + " ▏▎▍▌▋▊▉"[parts % 8].strip()


def _parts(share: float, parts: int) -> int:
    """The share in whole parts, at least one where there is anything at all."""
    return max(1, round(_clamp(share) * parts)) if share > 0 else 0


def _clamp(share: float) -> float:
    return min(1.0, max(0.0, share))
