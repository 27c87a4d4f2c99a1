"""What repeats: how often, and how much of a series is meant."""

from __future__ import annotations

from datetime import date
from typing import Literal

from contracts.language import N_
from contracts.message import Message, attr

Unit = Literal["day", "week", "month", "year"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Nth = Literal["first", "second", "third", "fourth", "last"]
Reach = Literal["only_this", "this_and_following", "all"]
"""Of a series: this one, this and all that follow, or all that are still planned."""
Ends = Literal["never", "on_a_day", "after_n_times"]
"""When a series ends: when somebody ends it, on a day, or after so many times."""
MOST_REPEATED = 366
"""Activities of one series that ends: each day of a year, or each week for seven."""


class Repetition(Message):
    """How something repeats: every so many days, weeks (on which weekdays), months (on the same day, or on the second Tuesday)
    or years, so many times, up to a day, or until somebody ends it (RFC 5545: FREQ, INTERVAL, BYDAY, COUNT, UNTIL)."""

    every: int | None = attr(
        N_("Every how many"), None, minimum=1, maximum=366, help=N_("2 is every other one. Empty: each.")
    )
    weekdays: tuple[Weekday, ...] = attr(
        N_("On weekdays"),
        (),
        help=N_("By week or month. Empty: on the weekday or the day of the first time."),
    )
    nth: Nth | None = attr(
        N_("Which one in the month"), None, help=N_("Such as the second Tuesday; by month only.")
    )
    ends: Ends | None = attr(
        N_("Ends"), None, help=N_("Never: until you end it. Empty: as the number or the day below says.")
    )
    times: int | None = attr(N_("Times in all"), None, minimum=2, maximum=MOST_REPEATED)
    until: date | None = attr(N_("Until"), None)
