"""The half year of the sample. Days are counted from its first day, 2026-01-01 = 0; moments are seconds, UTC."""

from __future__ import annotations

import datetime as dt

FIRST_DAY = dt.date(2026, 1, 1)
AS_OF = dt.date(2026, 6, 30)
DAYS = (AS_OF - FIRST_DAY).days + 1
DATES = [FIRST_DAY + dt.timedelta(days=number) for number in range(-1, DAYS + 40)]  # DATES[0] is the day before

SECONDS_PER_DAY = 86_400
END = DAYS * SECONDS_PER_DAY  # the first second after the as-of day
ON_HOLIDAYS = 0.3  # how much of a working day's work is done on a holiday
ON_WEEKENDS = 0.12
HOLIDAYS = {dt.date(2026, 1, 1), dt.date(2026, 1, 2), dt.date(2026, 4, 6), dt.date(2026, 5, 1), dt.date(2026, 5, 25)}

_MIDNIGHTS = [date.isoformat() + "T" for date in DATES]
_TIMES = [f"{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)]
_SECONDS = [f"{second:02}" for second in range(60)]


def on(month: int, day: int) -> int:
    """The day number of a date in 2026."""
    return (dt.date(2026, month, day) - FIRST_DAY).days


def work_done(day: int) -> float:
    """The share of a full working day's work that is done on a day."""
    date = DATES[day + 1]
    if date.weekday() >= 5:
        return ON_WEEKENDS
    return ON_HOLIDAYS if date in HOLIDAYS else 1.0


def timestamp(moment: int) -> str:
    """A moment as ISO 8601 without offset, `2026-06-30T09:15:00`."""
    day, second = divmod(moment, SECONDS_PER_DAY)
    return _MIDNIGHTS[day + 1] + _TIMES[second // 60] + _SECONDS[second % 60]
