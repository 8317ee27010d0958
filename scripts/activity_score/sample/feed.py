"""The generic feed while it grows: one Activity per record, in the columns of `generic/activities`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from activity_score.sample.days import DAYS, END, SECONDS_PER_DAY

SECONDS_PER_HOUR = 3_600


class Activity(NamedTuple):
    """One record of `generic/activities`; moments in seconds since the first day (days.py), blank text = not given."""

    activity_id: str
    occurred: int
    activity_type: str
    loaded: int
    email: str = ""
    github_login: str = ""
    user_id: str = ""
    anonymous_id: str = ""
    display_name: str = ""
    account_domain: str = ""
    url: str = ""
    is_bot: str = ""
    count: int | str = ""
    properties: str = ""


@dataclass
class Feed:
    """Collects activities and numbers them."""

    activities: list[Activity] = field(default_factory=list)

    def add(self, occurred: int, activity_type: str, days_late: int = 0, **traces: object) -> None:
        """Add an activity that is loaded with the next hourly batch, or so many days late if that is by the end.

        Args:
            occurred: moment in seconds; anything outside the half year is dropped.
            activity_type: a key of the seed activity_types.
            days_late: whole days between the act and its arrival.
            traces: further fields of Activity.
        """
        if not 0 <= occurred < END:
            return
        loaded = (occurred // SECONDS_PER_HOUR + 1) * SECONDS_PER_HOUR
        if days_late and loaded + days_late * SECONDS_PER_DAY <= DAYS * SECONDS_PER_DAY:
            loaded += days_late * SECONDS_PER_DAY
        number = len(self.activities) + 1
        self.activities.append(Activity(f"act-{number:07}", occurred, activity_type, loaded, **traces))
