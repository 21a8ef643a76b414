"""The relationship with one person: how lately, how often and from which side there was contact."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.frames.schemas import TABLES
from sync_worker.scoring.constants import (
    SCORE_DECIMALS,
    STRENGTH_BOTH_WAYS,
    STRENGTH_OFTEN,
    STRENGTH_RECENT,
)
from sync_worker.scoring.influence import influence
from sync_worker.scoring.rounding import rounded


def people_strengths(person: pd.DataFrame, settings: Settings, as_of: datetime.date) -> pd.DataFrame:
    """The same rows with `strength` (0..100 or NaN), `is_in_touch` (0 or 1) and `influence` (½, 1 or 2).

    `person` is the section of the contract. Strength = 40·0.5^(max(0, d − c)/c) + 30·min(1, n·c/90) + 30 if both sides
    were in touch with each other, with d days since the last contact, c the days of the person's rhythm
    (`contact_cadence` where none is known) and n the days with a contact in `contact_window` days, the 90 of the
    formula. In touch: d ≤ c. Somebody who was never contacted has 0, unless nobody of the account was: then nothing is
    known of any of them. No rows give no rows. Source: methodology, relationship of a person.

    By hand, with a rhythm of 30 days: contact 15 days ago, on 2 days, both ways: 40 + 30·(2·30/90) + 30 = 90. Contact
    60 days ago, once, from one side: 40·½ + 30·(30/90) = 30, and no longer in touch. A third was never contacted; at
    another account nobody was.

    >>> person = pd.DataFrame({
    ...     "account_id": [7, 7, 7, 8], "power": None, "cadence_days": [30.0, 30.0, 30.0, 30.0],
    ...     "last_contact": pd.to_datetime(["2026-11-05", "2026-09-21", None, None]).astype("datetime64[s]"),
    ...     "contact_days": [2, 1, 0, 0], "is_two_way": [1, 0, 0, 0]})
    >>> found = people_strengths(person, Settings(), datetime.date(2026, 11, 20))
    >>> found[["strength", "is_in_touch"]].to_numpy().tolist()
    [[90.0, 1.0], [30.0, 0.0], [0.0, 0.0], [nan, 0.0]]
    """
    met = person["last_contact"].notna()
    since = (np.datetime64(as_of, "s") - person["last_contact"].to_numpy()).astype("timedelta64[D]")
    # no contact at all: any number will do, it is not looked at
    days = np.where(met, since.astype("float64"), 0.0)
    rhythm = person["cadence_days"].fillna(settings.contact_cadence).to_numpy(dtype="float64")
    recent = 0.5 ** (np.maximum(0.0, days - rhythm) / rhythm)
    often = np.minimum(1.0, person["contact_days"].to_numpy() * rhythm / settings.contact_window)
    strength = (
        STRENGTH_RECENT * recent + STRENGTH_OFTEN * often + STRENGTH_BOTH_WAYS * person["is_two_way"].to_numpy()
    )
    anybody = met.groupby(person["account_id"]).transform("any").to_numpy(dtype=bool)
    known = np.where(anybody, np.where(met, strength, 0.0), np.nan)
    return person.assign(
        strength=rounded(pd.Series(known, person.index), SCORE_DECIMALS),
        is_in_touch=(met.to_numpy() & (days <= rhythm)).astype("int64"),
        influence=influence(person["power"]),
    )


def person_table(people: pd.DataFrame) -> pd.DataFrame:
    """The table `person` of the contract from what `people_strengths` gives, sorted by its key."""
    return people[list(TABLES["person"].columns)].sort_values("stakeholder_id", ignore_index=True)
