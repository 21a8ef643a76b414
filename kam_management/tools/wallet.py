"""What a category of a customer's wallet says, for the line of a plan that must answer at once. Unknown is False.

The worker computes the same for scores (sync_worker/scoring/wallet.py); tests/unit/test_shared_rules.py holds both to
one table of examples. Why there are two: docs/decisions/2026-11-22-the-wallet-is-computed-on-both-sides.md.
"""
from typing import NamedTuple


class Wallet(NamedTuple):
    """`share` is a fraction, `basis` says what it rests on: `figures`, `rank` or False."""

    share: float | bool
    white_space: float | bool
    is_over: bool
    basis: str | bool


def line_wallet(sales, spend, rank=False, suppliers=False):
    """Our share and what the customer buys from others.

    >>> line_wallet(30.0, 120.0)
    Wallet(share=0.25, white_space=90.0, is_over=False, basis='figures')

    Over 1 the estimate is wrong: flagged, not clipped, and nothing is said of what is left. Without a spend there is
    no share:

    >>> line_wallet(150.0, 100.0)
    Wallet(share=1.5, white_space=False, is_over=True, basis='figures')
    >>> line_wallet(30.0, False)
    Wallet(share=False, white_space=False, is_over=False, basis=False)

    Where only our rank among the suppliers is known, it tells the share, and no white space:

    >>> line_wallet(False, 100.0, 1, 3)
    Wallet(share=0.5, white_space=False, is_over=False, basis='rank')
    """
    if sales is not False and spend is not False:
        if spend > 0:
            over = sales > spend
            return Wallet(sales / spend, False if over else spend - sales, over, 'figures')
        return Wallet(False, False if sales > 0 else 0.0, sales > 0, False)
    share = allocation(rank, suppliers)
    return Wallet(share, False, False, False if share is False else 'rank')


def allocation(rank, suppliers):
    """The Wallet Allocation Rule: the share of the supplier that is number `rank` of so many; (1 − rank/(n+1))·2/n.

    >>> [round(allocation(rank, 3), 4) for rank in (1, 2, 3)], allocation(1, 1)
    ([0.5, 0.3333, 0.1667], 1.0)
    >>> allocation(False, 3), allocation(4, 3)
    (False, False)
    """
    if not rank or not suppliers or not 1 <= rank <= suppliers:
        return False
    return (1 - rank / (suppliers + 1)) * 2 / suppliers


def wallet_share(lines):
    """Share over the categories where both are known, and which part of the categories that is: (share, coverage).

    `lines` are pairs (sales, spend).

    >>> wallet_share([(30.0, 120.0), (10.0, 80.0), (5.0, False)])
    (0.2, 0.6666666666666666)
    >>> wallet_share([])
    (False, False)
    """
    known = [(sales, spend) for sales, spend in lines if sales is not False and spend is not False]
    sales, spend = sum(pair[0] for pair in known), sum(pair[1] for pair in known)
    return (sales / spend if spend > 0 else False), (len(known) / len(lines) if lines else False)
