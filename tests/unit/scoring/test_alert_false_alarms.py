"""How often the order rules cry wolf on customers who order as steadily as ever, and how soon they see one who stops.

A steady customer orders by a Poisson process of one rate. Every account is looked at once a week for two years, after
half a year of history, with everything that stands between a rule and a reader: hysteresis, cool-down and open alerts.
The figures are in docs/decisions/2026-11-22-alerts-and-false-alarms.md.
"""

import datetime

import numpy as np
import pandas as pd
import pytest
from alert_tables import SECTIONS, alert_config, as_pulled, frame, inputs, rule
from scoring_tables import account

from sync_worker.scoring.alerts import alerts

START = datetime.date(2024, 1, 1)
HISTORY, WEEKS = 370, 104
ORDERS_A_MONTH = (1, 2, 4, 8, 15, 30)
EACH = 80
"""Accounts of each rate."""


def order_book(rate, days, chance):
    """The days on which a customer ordered, out of so many, at so many orders in thirty days."""
    return np.flatnonzero(chance.poisson(rate / 30.0, days))


def rhythm_at(book, today):
    """What the door would count of one order book on that day."""
    known = book[book <= today]
    gaps = np.diff(known)
    recent = gaps[known[1:] > today - 365]
    return {
        "days_60": int((known > today - 60).sum()),
        "days_180": int((known > today - 180).sum()),
        "days_365": int((known > today - 365).sum()),
        "longest_gap": float(recent.max()) if len(recent) else np.nan,
        "last_date": START + datetime.timedelta(days=int(known[-1])) if len(known) else None,
        "first_date": START + datetime.timedelta(days=int(known[0])) if len(known) else None,
    }


def weeks_of(books, codes, first, last, step=7):
    """What the rules answer week by week, as `(day, table)`; each answer is an open alert of the next week."""
    config = alert_config(*(rule(code) for code in codes))
    accounts = [account(number, key=1) for number in range(1, len(books) + 1)]
    stands = frame(SECTIONS["alert"], [])
    for today in range(first, last, step):
        as_of = START + datetime.timedelta(days=today)
        rows = [rhythm_at(book, today) | {"account_id": number} for number, book in enumerate(books, 1)]
        given = inputs(accounts, rhythm=rows, alert=stands.to_dict("records"))
        table = alerts(given, config, as_of)
        yield today, table
        stands = as_pulled(table, stands, as_of)
        # the door gives what is open, and what closed within the longest cool-down
        lately = stands["closed"] > pd.Timestamp(as_of) - pd.Timedelta(days=90)
        stands = stands[(stands["is_open"] == 1) | lately]


def books_of(seed):
    chance = np.random.default_rng(seed)
    return [order_book(rate, HISTORY + 7 * WEEKS, chance) for rate in ORDERS_A_MONTH for _account in range(EACH)]


def opened_share(code, seed):
    """Openings per account-week, of all and by rate."""
    opened = np.zeros(len(ORDERS_A_MONTH) * EACH)
    for _today, table in weeks_of(books_of(seed), [code], HISTORY, HISTORY + 7 * WEEKS):
        numbers = table.loc[table["change"] == "open", "account_id"].to_numpy(dtype="int64")
        opened[numbers - 1] += 1
    return opened.mean() / WEEKS, opened.reshape(len(ORDERS_A_MONTH), EACH).mean(axis=1) / WEEKS


def test_fewer_orders_than_usual_is_said_of_a_steady_customer_in_under_one_of_a_hundred_weeks():
    share, by_rate = opened_share("order_rate", seed=20261122)
    assert 0 < share < 0.01
    assert (by_rate < 0.01).all()


def test_silence_is_said_about_once_a_year():
    # of n gaps the next one is the longest with a chance of 1 in n + 1: once a year, whatever the rate; a look a week
    # sees the longer ones of these
    share, by_rate = opened_share("order_silence", seed=20261122)
    assert share < 0.01
    assert (by_rate < 1.1 / 52).all()


@pytest.mark.parametrize("rate", ORDERS_A_MONTH)
def test_a_customer_who_stops_is_caught_within_its_longest_gap_and_a_week(rate):
    chance = np.random.default_rng(rate)
    stop = HISTORY + 60
    books = [order_book(rate, stop, chance) for _account in range(20)]
    # its longest gap is that of the year before the last order
    limits = np.array([book[-1] + np.diff(book)[book[1:] > book[-1] - 365].max() + 7 for book in books])
    caught = np.full(len(books), np.inf)
    for today, table in weeks_of(books, ["order_rate", "order_silence"], HISTORY, int(limits.max()) + 8):
        for number in table.loc[table["change"] != "close", "account_id"].to_numpy(dtype="int64"):
            if today > books[number - 1][-1]:
                caught[number - 1] = min(caught[number - 1], today)
    assert (caught <= limits).all()
