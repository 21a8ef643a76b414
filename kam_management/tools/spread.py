"""How long an investment lasts. Its cost is spread by day from the first day of its life to the last one."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta


def last_day(start, months):
    """The last day of a life of so many months that begins with `start`; False without both.

    >>> from datetime import date
    >>> last_day(date(2026, 1, 1), 12), last_day(date(2026, 1, 31), 1)
    (datetime.date(2026, 12, 31), datetime.date(2026, 2, 27))
    >>> last_day(False, 12)
    False
    """
    return start and months and start + relativedelta(months=months) - timedelta(days=1) or False


def cost_of_month(amount, months):
    """What it costs in a month of its life; False while the amount is unknown.

    >>> cost_of_month(24000.0, 24), cost_of_month(False, 24)
    (1000.0, False)
    """
    return amount / months if amount is not False and months else False
