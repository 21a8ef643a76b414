"""How often the order rules cry wolf on customers who order as steadily as ever, and how soon they see one who stops.

A steady customer orders by a Poisson process of one rate. Every account is looked at once a week for two years, after
a year of history, with everything that stands between a rule and a reader: hysteresis, cool-down and open alerts.
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
EACH = 60
"""Accounts of each rate."""
BOOKS = 20
CODES = ["order_silence", "order_rate"]


def order_book(rate, days, chance):
    """The days on which a customer ordered, out of so many, at so many orders in thirty days."""
    return np.flatnonzero(chance.poisson(rate / 30.0, days))


def rhythm_at(book, today):
    """What the door would count of one order book on that day."""
    known = book[:np.searchsorted(book, today, side="right")]
    half, two_months, year = np.searchsorted(known, [today - 180, today - 60, today - 365], side="right")
    gaps = np.diff(known[max(year - 1, 0):])
    return {
        "days_60": len(known) - two_months,
        "days_180": len(known) - half,
        "days_365": len(known) - year,
        "longest_gap": float(gaps.max()) if len(gaps) else np.nan,
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


@pytest.fixture(scope="module")
def opened():
    """Openings per account-week in percent, one line per rate, one column each for silence and the rate."""
    books = books_of(seed=20261122)
    counted = np.zeros((len(books), 2))
    for _today, table in weeks_of(books, CODES, HISTORY, HISTORY + 7 * WEEKS):
        new = table[table["change"] == "open"]
        kind = (new["rule_id"] == rule("order_rate")["id"]).to_numpy(dtype=int)
        np.add.at(counted, (new["account_id"].to_numpy(dtype="int64") - 1, kind), 1)
    shares = counted.reshape(len(ORDERS_A_MONTH), EACH, 2).mean(axis=1) / WEEKS * 100.0
    print(shares.round(2))
    return shares


@pytest.mark.parametrize("kind", [0, 1], ids=CODES)
def test_of_a_steady_customer_each_rule_opens_in_under_one_of_a_hundred_weeks(opened, kind):
    assert opened[:, kind].mean() < 1.0
    assert opened[:, kind].any(), "a rule that never opens proves nothing"


def test_both_rules_together_open_in_under_one_of_a_hundred_weeks(opened):
    """Over all customers, and at each rate from two orders a month on; of one who orders monthly little is known."""
    assert opened.sum(axis=1).mean() < 1.0
    assert (opened.sum(axis=1)[1:] < 1.0).all()
    assert opened.sum(axis=1)[0] < 1.5


@pytest.mark.parametrize("rate", ORDERS_A_MONTH)
def test_a_customer_who_stops_is_caught_within_its_longest_gap_and_a_week(rate):
    chance = np.random.default_rng(rate)
    stop = HISTORY + 60
    books = [order_book(rate, stop, chance) for _account in range(BOOKS)]
    caught = {}
    for number, book in enumerate(books):
        # its longest gap is that of the year before the last order
        longest = int(np.diff(book)[book[1:] > book[-1] - 365].max())
        limit = int(book[-1]) + longest + 7
        # looked at on the last day that is in time, as a daily refresh does
        for _today, table in weeks_of([book], CODES, limit, limit + 1):
            caught[number] = (table["change"] == "open").any()
    assert len(caught) == BOOKS
    assert all(caught.values())
