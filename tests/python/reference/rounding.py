"""Published precision: numbers as whole hundredths, so that comparing them is exact."""

from __future__ import annotations

from decimal import Decimal


def cents(value: float) -> int:
    """A number as hundredths: to nine decimals first, then half up to two."""
    return (round(value * 10**9) + 5_000_000) // 10_000_000


def published(hundredths: int) -> Decimal:
    """Hundredths as the decimal with two places that is published."""
    return Decimal(hundredths).scaleb(-2)
