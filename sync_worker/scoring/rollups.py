"""Satisfaction and relationship of one run: their tables, what of them belongs to the score of each account, and who
weighs most in it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.frames.pull import Pull
from sync_worker.frames.schemas import TABLES
from sync_worker.scoring.components import health_components
from sync_worker.scoring.people import people_strengths, person_table
from sync_worker.scoring.quality import relationship_quality
from sync_worker.scoring.relationship import heaviest_people, relationships
from sync_worker.scoring.satisfaction_table import heaviest_answers, satisfaction_table

COUNTS = ("people", "people_in_touch", "roles_required", "roles_filled", "colleagues", "quality_raters")


@dataclass(frozen=True)
class Rollups:
    """`satisfaction`, `person` and `relationship`: the tables of the contract. `scores`: `satisfaction`, `nps`,
    `relationship` and `relationship_quality` of each account, indexed by `account_id`. `components`: those of health.
    `named`: the `answers` and the `people` that weigh most, by account."""

    satisfaction: pd.DataFrame
    person: pd.DataFrame
    relationship: pd.DataFrame
    scores: pd.DataFrame
    components: pd.DataFrame
    named: dict[str, dict[int, list[list]]]


def roll_ups(pull: Pull, members: pd.Index, settings: Settings, as_of: datetime.date) -> Rollups:
    """All of it, from what was pulled. `members` are the accounts of the comparison set: theirs are told in full.

    No answers, people and assessments give empty tables and unknown scores.
    """
    managers = pull.account.set_index("account_id")["manager_id"]
    satisfaction = satisfaction_table(pull, members, settings, as_of)
    whole = (satisfaction["scope"] == "account") & satisfaction["touchpoint_id"].isna()
    satisfied = satisfaction[whole & (satisfaction["answers"] > 0)].set_index("subject_id")
    people = people_strengths(pull.person, settings, as_of)
    relations = relationships(people, pull.seat, pull.thread)
    quality = relationship_quality(pull.assessment, managers, settings, as_of)
    scores = pd.DataFrame(
        {
            "satisfaction": satisfied["satisfaction"],
            "nps": satisfied["nps"],
            "relationship": relations["strength"],
            "relationship_quality": quality["quality"],
        }
    ).reindex(managers.index)
    answered = members[scores.loc[members, "satisfaction"].notna()]
    related = members[scores.loc[members, "relationship"].notna()]
    return Rollups(
        satisfaction=satisfaction,
        person=person_table(people),
        relationship=relationship_table(relations, quality, pull.thread),
        scores=scores,
        components=health_components(satisfied, relations, pull.objective, as_of),
        named={
            "answers": heaviest_answers(pull.answer, answered, settings, as_of),
            "people": heaviest_people(people, relations, related),
        },
    )


def relationship_table(relations: pd.DataFrame, quality: pd.DataFrame, thread: pd.DataFrame) -> pd.DataFrame:
    """The table `relationship` of the contract, sorted by account: those with people, required roles or assessments.

    The arguments are what `relationships` and `relationship_quality` give and the section `thread`.

    >>> from sync_worker.frames import Pull
    >>> found = roll_ups(Pull.from_pages({}), pd.Index([], dtype="int64"), Settings(), datetime.date(2026, 11, 20))
    >>> len(found.satisfaction), len(found.person), len(found.relationship), len(found.components)
    (0, 0, 0, 0)
    """
    table = pd.concat([relations, quality], axis=1, join="outer").sort_index()
    # an account that was only assessed may well be in touch with us
    colleagues = thread.set_index("account_id")["colleagues"].reindex(table.index)
    table = table.assign(colleagues=colleagues)
    table[list(COUNTS)] = table[list(COUNTS)].fillna(0).astype("int64")
    for name in ("functions", "aspects"):
        table[name] = table[name].astype(object).where(table[name].notna(), None)
    table["quality_date"] = table["quality_date"].astype("datetime64[s]")
    return table.rename_axis("account_id").reset_index()[list(TABLES["relationship"].columns)]
