"""What is known of every account, compared or not: the rows that the scores stand on."""

from __future__ import annotations

import pandas as pd

from sync_worker.frames.config import RunConfig
from sync_worker.frames.pull import Pull
from sync_worker.scoring.facts import kpi_values
from sync_worker.scoring.margin import gross_margin, net_margin
from sync_worker.scoring.pareto import pareto_class, ranking
from sync_worker.scoring.window import revenue


def account_facts(pull: Pull, config: RunConfig) -> pd.DataFrame:
    """One row per account, indexed and sorted by `account_id`: its flags, revenue and growth, margins, rank,
    shares and classes, and a `…_reason` beside each figure that may be unknown.

    Archived accounts are among them, for their documents still count. No accounts give no rows. The formulas
    are those of `window`, `margin` and `pareto`.
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
    net = net_margin(gross, sales, drivers, digits)
    cuts = (config.settings.pareto_a, config.settings.pareto_b)
    classes = pd.DataFrame(
        {
            "pareto_class": pareto_class(sales["revenue"], digits, *cuts),
            "margin_class": pareto_class(gross["margin"], digits, *cuts),
        }
    )
    return pd.concat([accounts, sales, gross, net, ranking(sales["revenue"], digits), classes], axis=1)
