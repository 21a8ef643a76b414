"""Scales on which a person of the customer stands, and what is computed of one person alone.

The account's gap, strength and coverage weigh all its people; the worker computes them, and nothing here does.
"""

# What a person's word weighs, as the formulas of key account management ask for it: who is not assessed counts as
# medium there, and is shown as unknown all the same.
INFLUENCE = {'low': 0.5, 'medium': 1.0, 'high': 2.0}
POWER = ('low', 'medium', 'high')
SUPPORT = ('opponent', 'sceptic', 'neutral', 'supporter', 'champion')
RELATIONSHIP = ('0', '1', '2', '3', '4')


def gap_of(current, target):
    """Which part of the way to the target relationship is still to go, from 0 to 1; None if either is unknown.

    Both are levels of `RELATIONSHIP`. The influence of a person weighs in the account's gap, and cancels out here.
    Source: Gap = Σ influence·max(0, target − current) / Σ influence·target.

    >>> gap_of('1', '4')
    0.75
    >>> gap_of('4', '3')
    0.0
    >>> gap_of(False, '3') is None and gap_of('2', False) is None and gap_of('0', '0') is None
    True
    """
    if not current or not target or not int(target):
        return None
    return max(0, int(target) - int(current)) / int(target)


def step_of(scale, before, after):
    """How many levels it went up (or down, below zero); None when one of the two is unknown or off the scale.

    >>> step_of(SUPPORT, 'sceptic', 'supporter'), step_of(RELATIONSHIP, '3', '2'), step_of(POWER, False, 'low')
    (2, -1, None)
    """
    if before not in scale or after not in scale:
        return None
    return scale.index(after) - scale.index(before)
