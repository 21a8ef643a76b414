"""The relationship with an account: the people whom we know there, the roles that nobody plays, and what hangs on one
person."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import (
    EMPTY_ROLE_INFLUENCE,
    FEWEST_THREADS,
    NAMED,
    PART_DECIMALS,
    SCORE_DECIMALS,
    SHARE_DECIMALS,
)
from sync_worker.scoring.rounding import rounded


def relationships(people: pd.DataFrame, seat: pd.DataFrame, thread: pd.DataFrame) -> pd.DataFrame:
    """One row per account with people or required roles, indexed and sorted by `account_id`.

    `people` is what `people.people_strengths` gives, `seat` and `thread` are sections of the contract.

    - `strength` (0..100): Σ influence·strength / Σ influence of the people; a required role that nobody plays counts as
      0 with influence 2. `people`, `people_in_touch`: how many; `coverage` (0..1) = in touch / people.
    - `roles_required`, `roles_filled`, `role_coverage` (0..1) = filled / required; unknown where none is required.
    - `gap` (0..1) = Σ influence·max(0, target − current) / Σ influence·target over the people with both known.
    - `colleagues` (of ours, in touch with somebody of the account), `is_single_thread`: 1 when at most one of them or
      at most one of ours is in touch.
    - `last_contact`, and `functions` as the contract writes them.

    Without people, or when nobody of the account was ever contacted on record, strength, coverage and single thread
    are unknown. No rows give no rows. Source: methodology, strength, coverage, role coverage, gap.

    By hand: 90 of high influence (2) and 30 of unknown influence (1), and one of two roles is empty (2):
    (2·90 + 30 + 0) / 5 = 42. One of two is in touch. The gap: (2·max(0, 4 − 3) + 1·max(0, 2 − 2)) / (2·4 + 2) = 0.2.

    >>> people = pd.DataFrame({
    ...     "account_id": [7, 7], "stakeholder_id": [1, 2], "function_id": [3.0, np.nan], "strength": [90.0, 30.0],
    ...     "influence": [2.0, 1.0], "is_in_touch": [1, 0], "contact_days": [2, 1], "current": [3.0, 2.0],
    ...     "target": [4.0, 2.0], "last_contact": pd.to_datetime(["2026-11-05", "2026-09-21"])})
    >>> seat = pd.DataFrame({"account_id": [7, 7], "role_id": [1, 2], "people": [1, 0]})
    >>> found = relationships(people, seat, pd.DataFrame({"account_id": [7], "colleagues": [2]}))
    >>> found[["strength", "coverage", "role_coverage", "gap", "is_single_thread"]].to_numpy().tolist()
    [[42.0, 0.5, 0.5, 0.2, 1.0]]
    >>> found["functions"].tolist()
    ['{"functions":[[3,1,1,2],[null,1,0,1]]}']
    """
    accounts = pd.Index(np.union1d(people["account_id"], seat["account_id"]), name="account_id", dtype="int64")
    sums = _people_sums(people).reindex(accounts)
    roles = _roles(seat).reindex(accounts)
    colleagues = thread.set_index("account_id")["colleagues"].reindex(accounts).fillna(0).astype("int64")
    empty = (roles["required"] - roles["filled"]).fillna(0.0)
    known = sums["known"].fillna(0.0) > 0
    strength = sums["weighted"] / (sums["influence"] + EMPTY_ROLE_INFLUENCE * empty)
    alone = (sums["in_touch"] < FEWEST_THREADS) | (colleagues < FEWEST_THREADS)
    return pd.DataFrame(
        {
            "strength": rounded(strength.where(known), SCORE_DECIMALS),
            "coverage": rounded((sums["in_touch"] / sums["people"]).where(known), SHARE_DECIMALS),
            "people": sums["people"].fillna(0).astype("int64"),
            "people_in_touch": sums["in_touch"].fillna(0).astype("int64"),
            "role_coverage": rounded(roles["filled"] / roles["required"], SHARE_DECIMALS),
            "roles_required": roles["required"].fillna(0).astype("int64"),
            "roles_filled": roles["filled"].fillna(0).astype("int64"),
            "gap": rounded(sums["short"] / sums["wanted"].where(sums["wanted"] > 0), SHARE_DECIMALS),
            "colleagues": colleagues,
            "is_single_thread": alone.astype("float64").where(known),
            "last_contact": people.groupby("account_id")["last_contact"].max().reindex(accounts),
            "functions": functions(people).reindex(accounts),
        },
        index=accounts,
    )


def _people_sums(people: pd.DataFrame) -> pd.DataFrame:
    weight = people["influence"]
    both = people["current"].notna() & (people["target"] > 0)
    return (
        pd.DataFrame(
            {
                "people": 1,
                "known": people["strength"].notna(),
                "in_touch": people["is_in_touch"],
                "influence": weight,
                "weighted": weight * people["strength"],
                "short": (weight * (people["target"] - people["current"]).clip(lower=0.0)).where(both, 0.0),
                "wanted": (weight * people["target"]).where(both, 0.0),
            }
        )
        .astype("float64")
        .groupby(people["account_id"].to_numpy())
        .sum()
    )


def _roles(seat: pd.DataFrame) -> pd.DataFrame:
    filled = pd.DataFrame({"required": 1.0, "filled": (seat["people"] > 0).astype("float64")}, index=seat.index)
    return filled.groupby(seat["account_id"].to_numpy()).sum()


def functions(people: pd.DataFrame) -> pd.Series:
    """Who of each function is known, as JSON by account: function, people, people in touch, days with a contact.

    Sorted by function, those without one last. No people give nothing. Source: contract, table `relationship`.
    """
    # no function comes after all others
    place, function_ids = pd.factorize(people["function_id"].fillna(np.inf), sort=True)
    rows_of = people[["account_id", "is_in_touch", "contact_days"]].assign(place=place, people=1)
    sums = rows_of.groupby(["account_id", "place"], as_index=False).sum()
    words = ["null" if np.isinf(number) else str(int(number)) for number in function_ids]
    names = [words[place] for place in sums["place"].tolist()]
    counts = (sums[name].tolist() for name in ("people", "is_in_touch", "contact_days"))
    rows = [f"[{name},{count},{touch},{days}]" for name, count, touch, days in zip(names, *counts, strict=True)]
    accounts, starts = np.unique(sums["account_id"].to_numpy(), return_index=True)
    ends = [*starts.tolist()[1:], len(rows)]
    told = [f'{{"functions":[{",".join(rows[start:end])}]}}' for start, end in zip(starts.tolist(), ends, strict=False)]
    return pd.Series(told, accounts, dtype=object)


def heaviest_people(
    people: pd.DataFrame, relations: pd.DataFrame, accounts: pd.Index
) -> dict[int, list[list]]:
    """The five people of each account that weigh most in its strength: stakeholder, share of the weight, strength.

    `people` and `relations` are what `people_strengths` and `relationships` give; `accounts` are those whose strength
    is known. Empty roles have their share too, and no name. Among equal weights the weakest comes first: there is most
    to gain. Source: contract, the explanation.

    >>> people = pd.DataFrame({"account_id": [7, 7], "stakeholder_id": [1, 2], "strength": [90.0, 30.0],
    ...                        "influence": [2.0, 1.0]})
    >>> heaviest_people(people, pd.DataFrame({"roles_required": [2], "roles_filled": [1]}, index=[7]), pd.Index([7]))
    {7: [[1, 0.4, 90.0], [2, 0.2, 30.0]]}
    """
    own = people[people["account_id"].isin(accounts)]
    empty = (relations["roles_required"] - relations["roles_filled"]) * EMPTY_ROLE_INFLUENCE
    total = own.groupby("account_id")["influence"].transform("sum") + own["account_id"].map(empty)
    own = own.assign(share=rounded(own["influence"] / total, PART_DECIMALS))
    order = ["account_id", "influence", "strength", "stakeholder_id"]
    own = own.sort_values(order, ascending=[True, False, True, True]).groupby("account_id").head(NAMED)
    named: dict[int, list[list]] = {}
    columns = (own[name].tolist() for name in ("account_id", "stakeholder_id", "share", "strength"))
    for account, *told in zip(*columns, strict=True):
        named.setdefault(account, []).append(told)
    return named
