"""Share of wallet and white space of one category, from typed figures. Unknown is False, as fields of ours read it."""


def share_of_wallet(sales, spend):
    """Our sales over what the customer spends, as a fraction; unknown without a spend. Over 1 the estimate is wrong.

    >>> share_of_wallet(30.0, 120.0)
    0.25
    >>> share_of_wallet(150.0, 100.0)
    1.5
    >>> share_of_wallet(30.0, False), share_of_wallet(30.0, 0.0), share_of_wallet(False, 10.0)
    (False, False, False)
    """
    if sales is False or spend is False or spend <= 0:
        return False
    return sales / spend


def white_space(sales, spend):
    """What the customer buys from others; unknown where an estimate under our own sales proves itself wrong.

    >>> white_space(30.0, 120.0)
    90.0
    >>> white_space(150.0, 100.0), white_space(False, 100.0)
    (False, False)
    """
    if sales is False or spend is False or spend < sales:
        return False
    return spend - sales


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
