"""Which days count: the two windows of every source, as bounds of a date or UTC time, and the age of opinions."""
from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz
from dateutil.relativedelta import relativedelta


class Windows(NamedTuple):
    """Bounds for ``lower < day <= upper``, given as first moments: before = [start, middle), now = [middle, end)."""
    start: object
    middle: object
    end: object


def windows(as_of, months, timezone=None):
    """Bounds of ``(as_of − months, as_of]`` and of the window before it.

    :param timezone: name of the time zone whose days are counted; the bounds are then UTC times, for columns that hold
        times. Without it they are dates.

    >>> from datetime import date
    >>> windows(date(2011, 12, 10), 12)
    Windows(start=datetime.date(2009, 12, 11), middle=datetime.date(2010, 12, 11), end=datetime.date(2011, 12, 11))
    >>> windows(date(2026, 7, 31), 1, 'Europe/Madrid').middle  # midnight of 1 July in Madrid, summer time
    datetime.datetime(2026, 6, 30, 22, 0)
    """
    day = timedelta(days=1)
    bounds = (as_of - relativedelta(months=2 * months) + day, as_of - relativedelta(months=months) + day, as_of + day)
    if timezone is not None:
        bounds = tuple(first_moment(bound, timezone) for bound in bounds)
    return Windows(*bounds)


def oldest_counting(as_of, months):
    """The first day whose opinions still count on ``as_of``; those given before it are too old.

    :param months: ``opinion_max_age``, the maximum age in months. In a month that is shorter, its last day stands for
        the same day. The worker's `opinion_means` follows the same rule; tests/unit/test_shared_rules.py compares both.

    >>> from datetime import date
    >>> oldest_counting(date(2026, 11, 20), 18)
    datetime.date(2025, 5, 20)
    >>> oldest_counting(date(2026, 8, 31), 18)  # February 2025 has no 31st
    datetime.date(2025, 2, 28)
    """
    return as_of - relativedelta(months=months)


def first_moment(day, timezone):
    """The UTC time at which a day begins in a time zone."""
    local = pytz.timezone(timezone).localize(datetime.combine(day, time.min))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
