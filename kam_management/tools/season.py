"""Dividing the amount of a year or a quarter among its months, so that the months add up to it exactly.

>>> divide(100.0, [1, 1, 1], '0.01')
[33.33, 33.34, 33.33]
>>> divide(1000.0, [300, 100, 600], '0.01')
[300.0, 100.0, 600.0]
>>> divide(10.0, [1, 1, 1, 1], '1')
[3.0, 2.0, 3.0, 2.0]
"""
from decimal import ROUND_HALF_UP, Decimal


def divide(total, shares, step):
    """Parts of ``total`` in proportion to ``shares``, each a multiple of ``step`` (a decimal text, such as "0.01").

    Each part is the difference of two rounded running sums, so the parts add up to the total (itself rounded to the
    step), and none is off by more than one step. ``shares`` are zero or more, in any unit; their sum is above zero, or
    a `ValueError` is raised. Without shares there are no parts.
    """
    if not shares:
        return []
    weights = [Decimal(str(share)) for share in shares]
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("shares must be zero or more, and not all zero")
    size = Decimal(step)
    steps = (Decimal(str(total)) / size).to_integral_value(ROUND_HALF_UP)
    parts, before, running = [], Decimal(0), Decimal(0)
    for weight in weights:
        running += weight
        upto = (steps * running / whole).to_integral_value(ROUND_HALF_UP)
        parts.append(float((upto - before) * size))
        before = upto
    return parts


def season(values):
    """The shares of months by what they came to a year before, or False when that is no season.

    ``values`` are the months' values, `False` for an unknown one. A season is known when every month is, none is below
    zero and one is above.
    """
    if any(value is False or value < 0 for value in values) or not any(values):
        return False
    return list(values)
