"""What is known of every account, compared or not: the rows that the scores stand on."""

from __future__ import annotations

import datetime

import pandas as pd

from sync_worker.frames.config import RunConfig
from sync_worker.frames.pull import Pull
from sync_worker.scoring.debts import overdue
from sync_worker.scoring.facts import kpi_values
from sync_worker.scoring.investments import investment_cost
from sync_worker.scoring.margin import gross_margin, net_margin
from sync_worker.scoring.pareto import pareto_class, ranking
from sync_worker.scoring.wallet import account_wallet
from sync_worker.scoring.window import months_before, revenue


def account_facts(pull: Pull, lines: pd.DataFrame, config: RunConfig, as_of: datetime.date) -> pd.DataFrame:
    """One row per account, indexed and sorted by `account_id`: its flags, revenue and growth, margins, debts, rank,
    shares and classes, and a `…_reason` beside each figure that may be unknown.

    Archived accounts are among them, for their documents still count. No accounts give no rows. The formulas
    are those of `window`, `margin`, `investments`, `wallet` and `pareto`; `lines` is what `wallet.wallet_lines` gives.
    """
    accounts = pull.account.set_index("account_id")
    digits, sources = config.company.digits, config.sources

    def values(kpi_id: int | None) -> pd.DataFrame:
        return kpi_values(pull.fact, accounts.index, config.kpi(kpi_id))

    sales = revenue(values(sources.revenue), digits)
    gross = gross_margin(
        sales,
        values(sources.margin),
        values(sources.margin_base),
        default=config.settings.default_margin,
        digits=digits,
    )
    drivers = [(values(driver.kpi_id), driver.unit_cost) for driver in config.cost_drivers]
    invested = investment_cost(
        pull.investment, accounts.index, months_before(as_of, config.settings.window_months), as_of, digits
    )
    late = overdue(pull.debt, accounts.index, config, as_of)
    capital = None if config.settings.cost_of_capital is None else late
    net = net_margin(gross, sales, drivers, digits, invested, capital)
    cuts = (config.settings.pareto_a, config.settings.pareto_b)
    wallet = account_wallet(pull.wallet, lines, accounts.index, digits)
    classes = pd.DataFrame(
        {
            "pareto_class": pareto_class(sales["revenue"], digits, *cuts),
            "margin_class": pareto_class(gross["margin"], digits, *cuts),
        }
    )
    ranks = ranking(sales["revenue"], digits)
    return pd.concat([accounts, sales, gross, net, invested, late, wallet, ranks, classes], axis=1)
