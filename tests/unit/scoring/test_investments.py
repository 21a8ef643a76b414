"""Investments spread over their life, and the margin that is left after them. All figures by hand."""

import datetime
import json

import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, MARGIN, REVENUE, VISITS, account, fact, pulled, row, run_config

from sync_worker.frames import FrameError, Pull, read_section
from sync_worker.scoring import score
from sync_worker.scoring.investments import investment_cost

# The window of the stories is 21 November 2025 to 20 November 2026.
AFTER = datetime.date(2025, 11, 20)


def investment(number, amount, start, end, serial=1):
    return {
        "account_id": number, "investment_id": serial, "amount": amount, "date_start": start, "date_end": end,
    }


def cost(*rows, digits=2, accounts=(7,)):
    frame = pulled([account(number) for number in accounts], investments=rows).investment
    return investment_cost(frame, pd.Index(accounts), AFTER, AS_OF, digits).tolist()


@pytest.mark.parametrize(
    ("amount", "start", "end", "expected"),
    [
        # all of its 31 days lie in the window
        (3100, "2026-03-01", "2026-03-31", 3100.0),
        # 10 a day over 365 days; from 1 January to 20 November are 324 of them
        (3650, "2026-01-01", "2026-12-31", 3240.0),
        # 10 a day; from 21 November to 31 December 2025 are 10 + 31 = 41 days
        (3650, "2025-01-01", "2025-12-31", 410.0),
        # 1 a day over the 1,826 days of 2022 to 2026, a leap year among them; all 365 days of the window
        (1826, "2022-01-01", "2026-12-31", 365.0),
        # its last day is the first of the window: one of 100 days
        (100, "2025-08-14", "2025-11-21", 1.0),
        # its last day is the one before; its first day is the one after
        (100, "2025-08-13", "2025-11-20", 0.0),
        (100, "2026-11-21", "2027-02-28", 0.0),
        # its first day is the last of the window
        (100, "2026-11-20", "2027-02-27", 1.0),
    ],
)
def test_the_days_of_its_life_that_lie_in_the_window(amount, start, end, expected):
    assert cost(investment(7, amount, start, end)) == [expected]


def test_each_account_bears_its_own():
    rows = [
        investment(7, 300, "2026-03-01", "2026-03-30", 1),
        investment(7, 50, "2026-04-01", "2026-04-30", 2),
        investment(9, 20, "2026-05-01", "2026-05-31", 3),
    ]
    assert cost(*rows, accounts=(7, 8, 9)) == [350.0, 0.0, 20.0]


def test_the_coins_of_the_currency():
    # 100 over 90 days is 1.111… a day; from 11 October to 20 November are 41: 45.555…
    row = investment(7, 100, "2026-10-11", "2027-01-08")
    assert (cost(row), cost(row, digits=0)) == ([45.56], [46.0])


def test_it_is_taken_from_the_net_margin_and_is_no_cost_to_serve():
    # 1,000 sold with a margin of 400; 4 visits of 50 are 200, a fifth of the sales; 3,240 / 100 = 32.40 invested
    facts = [fact(7, REVENUE, 1000.0), fact(7, MARGIN, 400.0), fact(7, VISITS, 4.0)]
    config = run_config(drivers=[(VISITS, 50.0)])
    before = row(score(pulled([account(7, key=1)], facts), config, AS_OF, HASH), 7)
    invested = [investment(7, 36.5, "2026-01-01", "2026-12-31")]
    after = row(score(pulled([account(7, key=1)], facts, investments=invested), config, AS_OF, HASH), 7)
    assert (before["net_margin"], after["net_margin"]) == (200.0, 167.6)
    assert before["margin"] == after["margin"] == 400.0
    told = json.loads(after["explanation"])
    assert told["notes"] == ["after_investments"]
    assert told["parts"][3] == json.loads(before["explanation"])["parts"][3], "the cost to serve is the same"
    assert told["parts"][5][0] == 167.6
    assert "after_investments" not in before["explanation"]


def test_an_unknown_margin_stays_unknown():
    invested = [investment(7, 365, "2026-01-01", "2026-12-31")]
    data = pulled([account(7, key=1)], [fact(7, REVENUE, 1000.0)], investments=invested)
    found = row(score(data, run_config(sources={"revenue": REVENUE}), AS_OF, HASH), 7)
    assert found["net_margin"] is None and "after_investments" not in found["explanation"]


def test_what_is_pulled():
    section = b"account_id,investment_id,amount,date_start,date_end\n7,3,100.5,2026-01-01,2026-12-31\n"
    pages = {"account": [pd.DataFrame([account(7)])], "investment": [read_section("investment", section)]}
    assert Pull.from_pages(pages).investment["amount"].tolist() == [100.5]
    # an account that has left the universe, and an addon that knows of no investments
    assert Pull.from_pages({**pages, "account": [pd.DataFrame([account(8)])]}).investment.empty
    assert Pull.from_pages({"account": pages["account"]}).investment.empty
    with pytest.raises(FrameError, match="amount is empty"):
        Pull.from_pages({**pages, "investment": [pd.DataFrame([investment(7, None, "2026-01-01", "2026-12-31")])]})
