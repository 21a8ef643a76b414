"""Four customers and one that is archived: what they answered, and whom we know there, as of 20 November 2026.

`company_of_four/` holds what Odoo would send. What must come out is worked out by `plain_rollups`, another program.
"""

import datetime
import json
import pathlib

import pandas as pd
import pytest
from plain_rollups import Rolled

from sync_worker.frames import Pull, RunConfig, read_section, write_table
from sync_worker.scoring import score

FOLDER = pathlib.Path(__file__).parent / "company_of_four"
AS_OF = datetime.date(2026, 11, 20)
SECTIONS = ("account", "answer", "request", "person", "seat", "thread", "assessment", "objective")
HEALTH = {"sales": 30, "satisfaction": 25, "relationship": 25, "pipeline": 10, "objectives": 10}
CONFIG = RunConfig.model_validate(
    {
        "company": {"id": 1, "currency": "EUR", "digits": 2},
        "factors": [
            {"id": n, "code": code, "dimension": "health", "weight": weight, "source": "component"}
            for n, (code, weight) in enumerate(HEALTH.items(), 1)
        ],
    }
)


@pytest.fixture(scope="module")
def results():
    pages = {name: [read_section(name, (FOLDER / f"{name}.csv").read_bytes())] for name in SECTIONS}
    return score(Pull.from_pages(pages), CONFIG, AS_OF, "golden")


@pytest.fixture(scope="module")
def plain():
    return Rolled(FOLDER, AS_OF)


def told(value):
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return None if pd.isna(value) else value


def near(value):
    return pytest.approx(value, abs=1e-6) if isinstance(value, float) else value


def key(scope, *numbers):
    return scope, *("" if pd.isna(each) else str(int(each)) for each in numbers)


def test_every_figure_of_satisfaction_is_what_another_program_gives(results, plain):
    names = ["scope", "subject_id", "account_id", "touchpoint_id"]
    keys = [key(*row) for row in results.satisfaction[names].itertuples(index=False, name=None)]
    found = dict(zip(keys, results.satisfaction.to_dict("records"), strict=True))
    assert set(found) == set(plain.satisfaction)
    for subject, expected in plain.satisfaction.items():
        for name, wanted in expected.items():
            assert told(found[subject][name]) == near(wanted), (subject, name)


def test_the_example_reaches_what_it_is_there_for(plain):
    """Known and unknown, risen and fallen, of several scales: an example without them would hold nothing."""
    rows = plain.satisfaction.values()
    trends = [row["trend"] for row in rows if row["trend"] is not None]
    assert min(trends) < 0 < max(trends)
    assert any(row["ces"] is None and row["ces_answers"] > 1 for row in rows)
    assert any(row["ces_low_is_good"] == 1 for row in rows)
    assert {scope for (scope, *_rest), row in plain.satisfaction.items() if row["satisfaction"] is not None} == {
        "contact", "account", "tier", "portfolio"}
    relations = plain.relationships().values()
    assert {row["is_single_thread"] for row in relations} == {0.0, 1.0, None}
    assert any(row["quality"] is None and row["quality_raters"] for row in relations)


def test_every_month_of_the_series_is_what_another_program_gives(results):
    series = results.satisfaction[results.satisfaction["series"].notna()]
    assert set(series["scope"]) == {"account", "tier", "portfolio"}
    for row in series.to_dict("records"):
        for until, index, nps, answers in json.loads(row["series"])["months"]:
            then = Rolled(FOLDER, datetime.date.fromisoformat(until)).satisfaction
            subject = key(row["scope"], row["subject_id"], row["account_id"], None)
            expected = then.get(subject, {"satisfaction": None, "nps": None, "answers": 0})
            assert (index, nps, answers) == tuple(
                near(expected[name]) for name in ("satisfaction", "nps", "answers")), (subject, until)


def test_every_person_is_what_another_program_gives(results, plain):
    found = results.person.set_index("stakeholder_id")
    assert {str(number) for number in found.index} == set(plain.people)
    for row in plain.said["person"]:
        own = found.loc[int(row["stakeholder_id"])]
        assert told(own["strength"]) == near(plain.people[row["stakeholder_id"]]), row
        assert own["is_in_touch"] == plain.in_touch(row), row


def test_every_relationship_is_what_another_program_gives(results, plain):
    found = {str(row["account_id"]): row for row in results.relationship.to_dict("records")}
    expected = plain.relationships()
    assert set(found) == set(expected)
    for account, wanted in expected.items():
        for name in set(wanted) - {"functions", "aspects"}:
            assert told(found[account][name]) == near(wanted[name]), (account, name)
        functions = told(found[account]["functions"])
        assert (json.loads(functions)["functions"] if functions else []) == wanted["functions"]
        aspects = told(found[account]["aspects"])
        assert (json.loads(aspects) if aspects else None) == (
            wanted["aspects"] and {name: [near(value) for value in row] for name, row in wanted["aspects"].items()})


def test_the_scores_of_every_account_are_what_another_program_gives(results, plain):
    for row in results.score.to_dict("records"):
        account = str(row["account_id"])
        own = plain.satisfaction.get(("account", account, account, ""), {})
        assert told(row["satisfaction"]) == near(own.get("satisfaction"))
        assert told(row["nps"]) == near(own.get("nps"))
        assert told(row["relationship"]) == near(plain.relation(account)["strength"])
        assert told(row["relationship_quality"]) == near(plain.quality(account)["quality"])
        expected = plain.health(account) if row["is_compared"] else None
        assert told(row["health"]) == (expected if expected is None else pytest.approx(expected, abs=1e-5))


def test_the_same_bytes_again(results):
    pages = {}
    for name in SECTIONS:
        header, *lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        # the other way round, and one row a page
        pages[name] = [read_section(name, f"{header}\n{line}\n".encode()) for line in reversed(lines)]
    again = score(Pull.from_pages(pages), CONFIG, AS_OF, "golden")
    for name in ("score", "satisfaction", "person", "relationship"):
        assert write_table(name, getattr(again, name)) == write_table(name, getattr(results, name))
