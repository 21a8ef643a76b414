"""The customer's wallet: our share of what it buys per category, what it buys from others, and the account's share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.schemas import CODES
from sync_worker.scoring.constants import SHARE_DECIMALS
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded

BASES = pd.CategoricalDtype(list(CODES["basis"]))


def wallet_lines(wallet: pd.DataFrame, digits: int) -> pd.DataFrame:
    """One row per category line, sorted by `line_id`: `sales`, `spend`, `share`, `white_space`, `is_over`, `basis`.

    `wallet` is the section of the contract, one row per line and account that its plan is for. A line that names a
    product category has the sales of all these accounts, unknown if a part of them is; any other line has the figure
    that was typed. `share` is sales over spend (a fraction), `white_space` spend less sales. Over 1 the estimate is
    wrong: `is_over`, with the share as it is and an unknown white space. Where one of both is unknown, our rank among
    n suppliers tells the share, by the Wallet Allocation Rule (1 − rank/(n+1))·2/n, and no white space. No rows give no
    rows. The addon answers at once for a line (kam_management/tools/wallet.py); both are held to one table of examples.
    Source: methodology, share of wallet.

    By hand: 30 of 120 are a quarter, and 90 go to others. A first of three suppliers has (1 − ¼)·⅔ = ½.

    >>> wallet = pd.DataFrame({
    ...     "account_id": [7, 7, 7], "line_id": [1, 2, 3], "is_named": [0, 1, 0], "sales": [np.nan, 150.0, np.nan],
    ...     "unknown": [0, 0, 0], "typed": [30.0, np.nan, np.nan], "spend": [120.0, 100.0, 80.0],
    ...     "our_rank": [np.nan, np.nan, 1.0], "suppliers": [np.nan, np.nan, 3.0]})
    >>> wallet_lines(wallet, 2)[["line_id", "share", "white_space", "is_over", "basis"]].values.tolist()
    [[1, 0.25, 90.0, 0, 'figures'], [2, 1.5, nan, 1, 'figures'], [3, 0.5, nan, 0, 'rank']]
    """
    sold = wallet["sales"].where(wallet["unknown"] == 0)
    grouped = wallet.assign(sold=sold).groupby("line_id", sort=True)
    first = grouped[["is_named", "typed", "spend", "our_rank", "suppliers"]].max()
    found = grouped["sold"].sum().where(grouped["sold"].count() == grouped.size())
    sales = rounded(found.where(first["is_named"] == 1, first["typed"]), digits)
    spend = rounded(first["spend"], digits)
    both = sales.notna() & spend.notna()
    over = both & (sales > spend)
    share = sales / spend.where(both & (spend > 0))
    by_rank = _allocation(first["our_rank"], first["suppliers"]).where(~both)
    basis = np.select([share.notna(), by_rank.notna()], [0, 1], -1)
    lines = pd.DataFrame(
        {
            "sales": sales,
            "spend": spend,
            "share": rounded(share.fillna(by_rank), SHARE_DECIMALS),
            "white_space": rounded((spend - sales).where(both & ~over), digits),
            "is_over": over.astype("int64"),
            "basis": pd.Series(pd.Categorical.from_codes(basis, dtype=BASES), first.index),
        }
    )
    return lines.reset_index()


def account_wallet(wallet: pd.DataFrame, lines: pd.DataFrame, accounts: pd.Index, digits: int) -> pd.DataFrame:
    """`share_of_wallet` and `wallet_coverage` (0..1), `white_space` (money) and `share_of_wallet_reason`, by account.

    The share is Σ sales / Σ spend over the categories where both are known, of a plan for several accounts that of
    all of them; the coverage is the part of the categories that this is. A share from a rank says nothing of amounts
    and does not count. White space is that of the categories where it is known, counted at one account of the plan
    alone (`counted_at`), so that a sum over accounts holds it once; over 1 the estimates are wrong, and it is unknown.
    An account without categories knows nothing (`not_yet`), one without a known pair neither (`no_data`).

    By hand: 30 of 120 and 10 of 80 are 40 of 200, a fifth, from two of three categories; 90 + 70 go to others. The
    plan covers 9 as well, which has its share.

    >>> lines = pd.DataFrame({"line_id": [1, 2, 3], "sales": [30.0, 10.0, np.nan], "spend": [120.0, 80.0, 50.0],
    ...                       "white_space": [90.0, 70.0, np.nan]})
    >>> wallet = pd.DataFrame({"account_id": [7, 7, 7, 9, 9, 9], "line_id": [1, 2, 3] * 2, "counted_at": 7})
    >>> account_wallet(wallet, lines, pd.Index([7, 8, 9]), 2)[
    ...     ["share_of_wallet", "wallet_coverage", "white_space"]].values.tolist()
    [[0.2, 0.66666667, 160.0], [nan, nan, nan], [0.2, 0.66666667, nan]]
    """
    rows = wallet[["account_id", "line_id", "counted_at"]].merge(lines, on="line_id")
    known = rows["sales"].notna() & rows["spend"].notna()
    grouped = rows.assign(
        sales=rows["sales"].where(known, 0.0), spend=rows["spend"].where(known, 0.0), known=known.astype("float64")
    ).groupby("account_id")
    sums = grouped[["sales", "spend", "known"]].sum().reindex(accounts)
    counted = rows[rows["counted_at"] == rows["account_id"]].groupby("account_id")
    white = counted["white_space"].sum(min_count=1).reindex(accounts)
    share = sums["sales"] / sums["spend"].where(sums["spend"] > 0)
    reason = np.select([share.notna(), sums["known"].isna()], [Reason.KNOWN, Reason.NOT_YET], Reason.NO_DATA)
    return pd.DataFrame(
        {
            "share_of_wallet": rounded(share, SHARE_DECIMALS),
            "share_of_wallet_reason": reason.astype("int8"),
            "wallet_coverage": rounded(sums["known"] / grouped.size().reindex(accounts), SHARE_DECIMALS),
            "white_space": rounded(white.where(~(share > 1)), digits),
        },
        index=accounts,
    )


def counted_elsewhere(wallet: pd.DataFrame) -> pd.DataFrame:
    """Which accounts' white space is counted at another account: `account_id`, `counted_at`, sorted, each pair once.

    No rows give no rows.

    >>> wallet = pd.DataFrame({"account_id": [7, 7, 9, 9], "line_id": [1, 2] * 2, "counted_at": 7})
    >>> counted_elsewhere(wallet).values.tolist()
    [[9, 7]]
    """
    elsewhere = wallet.loc[wallet["counted_at"] != wallet["account_id"], ["account_id", "counted_at"]]
    return elsewhere.drop_duplicates().sort_values(["account_id", "counted_at"], ignore_index=True)


def _allocation(rank: pd.Series, suppliers: pd.Series) -> pd.Series:
    """The Wallet Allocation Rule; unknown without a rank from 1 to the number of suppliers."""
    sound = (rank >= 1) & (rank <= suppliers)
    return ((1.0 - rank / (suppliers + 1.0)) * 2.0 / suppliers).where(sound)
