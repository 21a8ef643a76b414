"""What holds for satisfaction and relationships, whoever answers and whoever is known."""

import json
import math

import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scoring_tables import (
    AS_OF,
    HASH,
    NAN,
    SCALES,
    account,
    answer,
    assessment,
    person,
    pulled,
    request,
    run_config,
    seat,
)

from sync_worker.frames import Pull, Settings, read_section, write_table
from sync_worker.frames.schemas import SECTIONS
from sync_worker.scoring import score
from sync_worker.scoring.answers import valued_answers
from sync_worker.scoring.rollups import roll_ups
from sync_worker.scoring.satisfaction import roll_up

PATIENT = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ACCOUNTS = [account(7, key=1, tier=1.0), account(8, tier=1.0), account(9, tier=2.0)]
TABLES = ("satisfaction", "person", "relationship")

days = st.sampled_from(["2026-11-21", "2026-11-20", "2026-11-01", "2026-08-22", "2026-05-24", "2025-01-01"])
powers = st.sampled_from([None, "low", "medium", "high"])
maybe = st.sampled_from([NAN, 1.0, 2.0])


@st.composite
def said(draw, numbers=(7, 8, 9), people=(1, 2, 3, 4, NAN), largest=25):
    """Answers of mixed kinds and scales, of few people, so that they answer again."""
    rows = []
    for serial in range(1, draw(st.integers(0, largest)) + 1):
        kind = draw(st.sampled_from(list(SCALES)))
        low, high = draw(st.sampled_from([(1, 7), (1, 5), (0, 100)])) if kind == "ces" else SCALES[kind]
        rows.append(
            answer(
                draw(st.sampled_from(numbers)), serial, kind, draw(st.integers(low, high)),
                person=draw(st.sampled_from(people)), power=draw(powers), date=draw(days), touchpoint=draw(maybe),
                scale=(low, high), low_is_good=draw(st.integers(0, 1)) if kind == "ces" else 0,
            )
        )
    return rows


@st.composite
def known(draw, largest=8):
    met = st.one_of(st.none(), days.filter(lambda day: day <= "2026-11-20"))
    return [
        person(
            draw(st.sampled_from([7, 8])), number, draw(powers), draw(st.sampled_from([None, 30, 90])), draw(met),
            draw(st.integers(0, 9)), draw(st.integers(0, 1)), draw(st.sampled_from([NAN, 0, 2, 4])),
            draw(st.sampled_from([NAN, 1, 4])), draw(maybe),
        )
        for number in range(1, draw(st.integers(0, largest)) + 1)
    ]


def rolled(answers=(), people=(), seats=(), requests=(), assessments=()):
    pull = pulled(ACCOUNTS, answer=answers, person=people, seat=seats, request=requests, assessment=assessments)
    return roll_ups(pull, pd.Index([7]), Settings(), AS_OF)


def answer_frame(answers):
    frame = pd.DataFrame(answers, columns=list(SECTIONS["answer"].columns))
    return frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[s]"))


def figures(frame, fewest=1):
    return roll_up(valued_answers(frame), ["account_id"], Settings(), AS_OF, fewest)


def index_of(answers, fewest=1):
    return figures(answer_frame(answers), fewest).set_index("account_id")["satisfaction"]


@QUICK
@given(answers=said(numbers=(7,), people=(1, 2, 3)), who=st.sampled_from([1, 2, 3]), data=st.data())
def test_more_weight_to_a_person_whose_own_index_is_at_least_the_accounts_never_lowers_it(answers, who, data):
    lighter, heavier = data.draw(st.sampled_from([("low", "medium"), ("low", "high"), ("medium", "high")]))
    before = [{**row, "power": lighter} if row["person"] == who else row for row in answers]
    after = [{**row, "power": heavier} if row["person"] == who else row for row in answers]
    # three answers make an index of one person alone
    own = index_of([row for row in before if row["person"] == who])
    whole = index_of(before, fewest=2)
    assume(len(own) and len(whole) and not own.isna().any() and not whole.isna().any())
    moved = index_of(after, fewest=2)[7] - whole[7]
    if own[7] >= whole[7]:
        assert moved >= -1e-6
    else:
        assert moved <= 1e-6


@PATIENT
@given(answers=said(), people=known(), data=st.data())
def test_neither_the_order_of_rows_nor_the_size_of_pages_changes_a_byte(answers, people, data):
    sections = {
        "account": ACCOUNTS, "answer": answers, "person": people,
        "assessment": [assessment(7, "trust", n, rater=n) for n in (2, 5, 9)],
    }
    usual = score(pulled(ACCOUNTS, answer=answers, person=people, assessment=sections["assessment"]), run_config(),
                  AS_OF, HASH)
    pages = {}
    for name, rows in sections.items():
        size = data.draw(st.integers(1, 9))
        frame = pd.DataFrame(data.draw(st.permutations(rows)), columns=list(SECTIONS[name].columns))
        cut = [frame.iloc[start : start + size] for start in range(0, len(frame), size)]
        pages[name] = [read_section(name, page.to_csv(index=False).encode()) for page in cut]
    again = score(Pull.from_pages(pages), run_config(), AS_OF, HASH)
    for name in ("score", "portfolio", *TABLES):
        assert write_table(name, getattr(again, name)) == write_table(name, getattr(usual, name))


@QUICK
@given(answers=said(largest=12), data=st.data())
def test_the_order_of_the_rows_of_a_frame_changes_no_figure(answers, data):
    assume(answers)
    frame = answer_frame(answers)
    shuffled = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    pd.testing.assert_frame_equal(figures(frame), figures(shuffled))


@PATIENT
@given(answers=said(), people=known(), asked=st.integers(0, 2))
def test_nothing_unknown_becomes_a_number(answers, people, asked):
    requests = [request(9, 4, asked, 0)]
    found = rolled(answers, people, seats=[seat(8, 1), seat(9, 1)], requests=requests)
    table = found.satisfaction
    for figure, count in (("nps", "nps_answers"), ("csat", "csat_answers"), ("favourability", "favourability_answers"),
                          ("response_rate", "asked")):
        assert (table[figure].isna() == (table[count] == 0)).all(), figure
    assert table.loc[table["ces_answers"] == 0, "ces"].isna().all()
    few = (table["answers"] < 3) | ((table["people"] < 2) & (table["scope"] != "contact"))
    assert (table["satisfaction"].isna() == few).all()
    assert table.loc[few, "trend"].isna().all()
    assert (table["last_date"].isna() == (table["answers"] == 0)).all()
    met = {row["account_id"] for row in people if row["last_contact"]}
    for row in found.relationship.to_dict("records"):
        unknown = [math.isnan(row[name]) for name in ("strength", "coverage", "is_single_thread")]
        assert unknown == [row["account_id"] not in met] * 3
        assert math.isnan(row["quality"])
    assert set(found.person.loc[found.person["strength"].isna(), "account_id"]).isdisjoint(met)
    assert found.scores.loc[9, ["relationship", "relationship_quality"]].isna().all()


@PATIENT
@given(answers=said(), people=known())
def test_what_weighs_most_makes_the_figures_that_it_explains(answers, people):
    found = rolled(answers, people, seats=[seat(7, 1)])
    for word, name in (("answers", "satisfaction"), ("people", "relationship")):
        named = found.named[word].get(7, [])
        figure = found.scores.loc[7, name]
        assert bool(named) == (not math.isnan(figure))
        shares = [share for _number, share, _points in named]
        assert shares == sorted(shares, reverse=True) and sum(shares) <= 1 + 1e-6
        told = [(share, points) for _number, share, points in named if points is not None]
        brought = sum(share * points for share, points in told)
        weight = sum(share for share, _points in told)
        # what is not named, at most five being so, or hidden, can bring no more than what is left of the weight
        if named:
            assert brought - 1e-4 <= figure <= brought + 100 * (1 - weight) + 1e-4


@PATIENT
@given(answers=said())
def test_one_series_ends_where_the_figures_stand(answers):
    table = rolled(answers).satisfaction
    for row in table[table["series"].notna()].to_dict("records"):
        months = json.loads(row["series"])["months"]
        index, nps = (None if math.isnan(row[name]) else row[name] for name in ("satisfaction", "nps"))
        assert months[-1] == ["2026-11-20", index, nps, row["answers"]]
        assert [count for _day, _index, _nps, count in months] == sorted(count for *_rest, count in months)


@QUICK
@given(answers=said(numbers=(7,), people=(1, 2, NAN), largest=10), times=st.integers(2, 40))
def test_a_person_who_says_the_same_again_changes_nothing(answers, times):
    named = [row for row in answers if row["person"] == row["person"]]
    flood = [{**row, "answer_id": row["answer_id"] + 100 * n} for row in named for n in range(1, times)]
    assume(answers)
    pd.testing.assert_frame_equal(figures(answer_frame(answers)), figures(answer_frame([*answers, *flood])))


@PATIENT
@given(people=known(), role=st.integers(1, 3))
def test_a_role_that_nobody_plays_never_raises_the_strength(people, role):
    usual = rolled(people=people).scores["relationship"]
    seats = [seat(7, number) for number in range(1, role + 1)]
    empty = rolled(people=people, seats=seats).scores["relationship"]
    assert (usual.isna() == empty.isna()).all()
    assert (empty.fillna(0) <= usual.fillna(0)).all()
    assert usual.fillna(0).between(0, 100).all()
