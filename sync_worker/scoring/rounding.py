"""Rounding at the seams, so that a sum in another order, or another database, gives the same bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd


def rounded(values: pd.Series, decimals: int) -> pd.Series:
    """Rounded to so many decimals; unknown stays unknown, and there is no -0.0.

    >>> rounded(pd.Series([0.30000000000000004, -0.0000001, float("nan")]), 6).tolist()
    [0.3, 0.0, nan]
    """
    # adding 0.0 turns -0.0 into 0.0
    return values.astype("float64").round(decimals) + 0.0


def rounded_array(values: np.ndarray, decimals: int) -> np.ndarray:
    """`rounded` for an array.

    >>> rounded_array(np.array([0.30000000000000004, -0.0000001, np.nan]), 6).tolist()
    [0.3, 0.0, nan]
    """
    return np.round(values, decimals) + 0.0


def minor_units(values: pd.Series, digits: int) -> np.ndarray:
    """Money as whole numbers of its smallest coin (floats, exact up to 2**53), unknown as 0.

    Whole numbers sum to the same in any order, and a cumulative share of exactly 80% is exactly that.

    >>> minor_units(pd.Series([10.5, float("nan"), 0.1]), 2).tolist()
    [1050.0, 0.0, 10.0]
    """
    return np.nan_to_num(np.rint(values.to_numpy(dtype="float64") * 10.0**digits))
