"""Why a figure is unknown: the words of the contract, and the numbers that stand for them in a frame."""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """0 is no reason at all: the figure is known.

    >>> Reason.NO_OPINION.word, Reason(3).word
    ('no_opinion', 'no_data')
    """

    KNOWN = 0
    NO_OPINION = 1
    TOO_OLD = 2
    NO_DATA = 3
    NO_RATE = 4
    NO_BOUNDS = 5
    UNAVAILABLE = 6
    NO_TARGET = 7
    NOT_YET = 8
    NO_REVENUE = 9
    NO_ANSWERS = 10
    FEW_ANSWERS = 11
    NO_PEOPLE = 12
    NO_CONTACT = 13
    NO_OBJECTIVE = 14
    DIVISION_BY_ZERO = 15
    TARGET_REACHED = 16
    NO_COST_OF_CAPITAL = 17
    TOO_LARGE = 18

    @property
    def word(self) -> str:
        return self.name.lower()


WORDS = [reason.word for reason in Reason]
