"""How figures of satisfaction are read: where red, amber and green begin, and which answers belong together.

No figure is computed here: the worker does that. The cuts are those of the bands of health, so that a colour means the
same everywhere on an account; they stand here and nowhere else.
"""

# Under the first: bad. Under the second: mixed. From there on: good.
CUTS = (50.0, 75.0)
# NPS: the highest answer of a detractor and of a passive, as Reichheld defined them.
DETRACTOR_TO, PASSIVE_TO = 6, 8
# So many anonymous answers of an account are shown. The worker leaves fewer out of the figures that it publishes.
SHOWN_FROM = 5
# Scales with more steps than these are not drawn step by step.
MOST_STEPS = 11


def tone_of(index):
    """`good`, `mixed` or `bad` of an index from 0 to 100; False while it is unknown.

    An index takes three answers, of two people above a person. No figure of fewer gives a colour either.

    >>> [tone_of(index) for index in (0, 49.9, 50, 74.9, 75, 100)]
    ['bad', 'bad', 'mixed', 'mixed', 'good', 'good']
    >>> tone_of(False)
    False
    """
    if index is False:
        return False
    return ('bad', 'mixed', 'good')[sum(index >= cut for cut in CUTS)]


def answer_tone(kind, value, lowest, highest, low_is_good=False):
    """The same of one answer, as the points of the index see it.

    >>> [answer_tone('nps', value, 0, 10) for value in (0, 6, 7, 8, 9)]
    ['bad', 'bad', 'mixed', 'mixed', 'good']
    >>> [answer_tone('csat', value, 1, 5) for value in (3, 4)], answer_tone('moment', 0, 0, 1)
    (['bad', 'good'], 'bad')
    >>> [answer_tone('ces', value, 1, 7) for value in (3, 5, 6)], answer_tone('ces', 2, 1, 7, low_is_good=True)
    (['bad', 'mixed', 'good'], 'good')
    >>> answer_tone('ces', 3, 3, 3)
    False
    """
    if kind == 'nps':
        return 'bad' if value <= DETRACTOR_TO else 'mixed' if value <= PASSIVE_TO else 'good'
    if kind == 'csat':
        return 'good' if value >= 4 else 'bad'
    if kind == 'moment':
        return 'good' if value else 'bad'
    if lowest is False or highest is False or highest <= lowest:
        return False
    share = (value - lowest) / (highest - lowest)
    return tone_of(100 * (1 - share if low_is_good else share))


def steps_of(lowest, highest, values):
    """The steps of a scale from the lowest on, each step once; of a scale with halves or too many steps, the `values`.

    >>> steps_of(1.0, 5.0, {4.0})
    [1, 2, 3, 4, 5]
    >>> steps_of(1.0, 7.0, {2.5, 6.0}), steps_of(0.0, 100.0, {80.0, 20.0})
    ([2.5, 6.0], [20.0, 80.0])
    """
    if highest - lowest < MOST_STEPS and all(value == int(value) for value in (lowest, highest, *values)):
        return list(range(int(lowest), int(highest) + 1))
    return sorted(values)
